// Keeps the opened mark visible, and walks from mark to mark with n and p.
const marks = [...document.querySelectorAll("a.mark")];
let current = -1;

function show(index) {
  marks[current]?.classList.remove("current");
  current = (index + marks.length) % marks.length;
  marks[current].classList.add("current");
  marks[current].focus();
}
document.addEventListener("click", (event) => {
  const mark = event.target.closest("a.mark");
  if (mark) { event.preventDefault(); show(marks.indexOf(mark)); }
});
document.addEventListener("keydown", (event) => {
  if (event.target.closest("input, textarea, select") || !marks.length) return;
  if (event.key === "n") { show(current + 1); marks[current].click(); }
  if (event.key === "p") { show(current - 1); marks[current].click(); }
});
