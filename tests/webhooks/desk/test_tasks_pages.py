"""The screens of tasks and items in a real Chromium: a survey done by hand, reachable for all."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.webhooks.desk.looking import all_look_well, enter
from tests.webhooks.desk.test_tasks import investigated, of
from tests.webhooks.desk.world import World
from tests.webhooks.pages import photo

pytestmark = pytest.mark.browser


def test_a_survey_is_done_on_a_phone_and_every_screen_is_reachable(
    world: World, chromium: Browser, address: str
) -> None:
    case, back = investigated(world, consent="process"), world.case(name="乙补")
    world.register(back)
    world.move(back, "li", "return", missing=("户口本照片", "工资条"))
    survey, check = of(world, case, "survey"), of(world, case, "verification")
    context = chromium.new_context(locale="zh-CN", viewport={"width": 390, "height": 844})
    page = enter(context, world, address, "li")
    page.get_by_role("link", name="我手上的活").click()
    page.get_by_role("link", name="入户调查").click()
    for field, words in (("others", "吴小兰"), ("lives", "四口人"), ("opinion", "要帮")):
        page.fill(f"[name={field}]", words)
    page.set_input_files("[name=photos]", files=[
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    ])
    page.get_by_role("button", name="记下来，调查做完了").click()
    page.wait_for_url("**/desk/cases/**")
    assert of(world, case, "survey").state == "done"
    paths = (
        "/desk/tasks", f"/desk/tasks/{survey.id}", f"/desk/tasks/{check.id}",
        f"/desk/cases/{back.receipt}", f"/desk/cases/{back.receipt}/errands/papers",
    )
    all_look_well(page, address, paths)
    context.close()
