// Packages: a link is copied by one press, a page printed; everything works without this.
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard || button.dataset.ready) continue;
  button.dataset.ready = "yes";
  button.hidden = false;
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copy);
    field.select();
    await navigator.clipboard.writeText(field.value);
    button.textContent = button.dataset.copied;
  });
}
for (const print of document.querySelectorAll("[data-print]")) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}
