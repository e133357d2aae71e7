// The theme: system, light or dark. Loaded before the first paint, so it is not a module.
{
  const root = document.documentElement;
  const order = ["system", "light", "dark"];
  const names = { system: "Theme: system", light: "Theme: light", dark: "Theme: dark" };

  const stored = () => {
    try {
      const theme = localStorage.getItem("theme");
      return order.includes(theme) ? theme : "system";
    } catch {
      return "system";
    }
  };

  const apply = (theme) => {
    if (theme === "system") delete root.dataset.theme;
    else root.dataset.theme = theme;
    for (const button of document.querySelectorAll("[data-theme-button]")) {
      button.hidden = false;
      button.title = names[theme];
      button.setAttribute("aria-label", names[theme]);
    }
  };

  const turn = () => {
    const next = order[(order.indexOf(stored()) + 1) % order.length];
    try {
      localStorage.setItem("theme", next);
    } catch {
      // Without storage, the choice lasts only until the page is reloaded.
    }
    apply(next);
  };

  apply(stored());
  addEventListener("DOMContentLoaded", () => {
    apply(stored());
    for (const button of document.querySelectorAll("[data-theme-button]"))
      button.addEventListener("click", turn);
  });
}
