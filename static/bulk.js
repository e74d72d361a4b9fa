// Picking creators in a table. Without this script the boxes and the bar are simply always there.
// The bar takes the place of the filter line while somebody is picked; a box in the heading picks the whole page.
(() => {
  "use strict";

  function refresh() {
    const bar = document.getElementById("bulk-form");
    const card = document.querySelector("[data-bulk]");
    if (!card) return;
    const boxes = [...card.querySelectorAll("input[name=pick]")];
    const ticked = boxes.filter((box) => box.checked).length;
    const everything = Boolean(bar?.elements.all?.checked);
    card.classList.toggle("is-picking", ticked > 0 || everything);
    const page = card.querySelector("[data-pick-page]");
    if (page) {
      page.hidden = false;
      page.checked = boxes.length > 0 && ticked === boxes.length;
      page.indeterminate = ticked > 0 && ticked < boxes.length;
    }
    const count = bar?.querySelector(".bulk-count");
    if (!count) return;
    const number = everything ? count.dataset.total : String(ticked);
    const text = number === "1" ? count.dataset.one : count.dataset.many.replace("{n}", number);
    if (count.textContent !== text) count.textContent = text;
  }

  document.addEventListener("change", (event) => {
    const field = event.target;
    if (field.matches?.("[data-pick-page]")) {
      for (const box of field.closest("[data-bulk]").querySelectorAll("input[name=pick]")) box.checked = field.checked;
    } else if (!field.matches?.("input[name=pick], #bulk-form input[name=all]")) {
      return;
    }
    refresh();
  });

  // Picking nobody, and pages that come back from the browser's memory with their boxes as they were.
  document.addEventListener("reset", () => setTimeout(refresh));
  window.addEventListener("pageshow", refresh);
  document.addEventListener("htmx:afterSettle", refresh);

  // Links of the page's head that act on what the filters match follow the address, which filters change without a reload.
  document.addEventListener("htmx:pushedIntoHistory", () => {
    for (const link of document.querySelectorAll("a[data-keeps-query]")) link.search = window.location.search;
  });

  // A click beside a box is meant for the box, not for the row that would open the profile.
  document.addEventListener(
    "click",
    (event) => {
      const cell = event.target.closest("td, th");
      const box = cell?.querySelector("input[name=pick], [data-pick-page]");
      if (!box || event.target === box) return;
      event.stopPropagation();
      box.click();
    },
    true,
  );
})();
