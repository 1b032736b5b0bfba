// On a phone the row of rooms is longer than the screen: the one that is open is brought into sight.
const here = document.querySelector(".rooms [aria-current]");
if (here) {
  const row = here.parentElement;
  const [from, mine] = [row.getBoundingClientRect(), here.getBoundingClientRect()];
  row.scrollLeft += mine.left - from.left - (from.width - mine.width) / 2;
}
