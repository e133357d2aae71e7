// Compares the element with what the server printed, and rebuilds it if anything was inserted.
const island = document.querySelector("[data-target]");
const printed = island.innerHTML;
addEventListener("load", () =>
  setTimeout(() => {
    const clean = island.innerHTML === printed;
    if (!clean) island.innerHTML = printed;
    document.documentElement.dataset.island = clean ? "hydrated" : "rebuilt";
  }, 60),
);
