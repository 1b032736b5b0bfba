"""Which township is responsible. Pure; 社会救助法 art. 37.

Temporary and emergency help belongs to the township where the emergency happened; every
other scheme to that of the registered household (户籍), as far as it lies in this county.
"""

from __future__ import annotations

from models.areas import Gazetteer, Level

AT_THE_INCIDENT = frozenset({"temporary", "emergency_medical", "vagrant", "disaster"})


def responsible_township(
    scheme: str | None,
    *,
    urgent: bool,
    home: str | None,
    living: str | None,
    incident: str | None,
    areas: Gazetteer,
) -> str | None:
    """The code of the responsible township, or None where no place lies in the county.

    While no scheme is known, what cannot wait is taken as an emergency and the rest by
    household. A household registered elsewhere is served where it lives, to be referred.
    """
    if urgent or scheme in AT_THE_INCIDENT:
        order = (incident, living, home)
    else:
        order = (home, living, incident)
    for code in order:
        township = areas.at(code, Level.TOWNSHIP)
        if township is not None:
            return township.code
    return None
