// Views of the picture that one keeps in this browser: what was chosen (the address), where each agency stands, what is
// hidden and pinned.
const SIGHTS = "policykg-views", OPENED = "policykg-view";

const readSights = () => {
  try {
    const held = JSON.parse(localStorage.getItem(SIGHTS));
    return Array.isArray(held) ? held : [];
  } catch {
    return [];
  }
};

const keepSights = (sights) => {
  try {
    localStorage.setItem(SIGHTS, JSON.stringify(sights.slice(0, 50)));
    return true;
  } catch { // full, or not allowed
    return false;
  }
};

// The view that was opened by a click, once.
const takeSight = () => {
  try {
    const name = sessionStorage.getItem(OPENED);
    sessionStorage.removeItem(OPENED);
    return name ? readSights().find((sight) => sight.name === name) : undefined;
  } catch {
    return undefined;
  }
};

const showSights = (stage, current) => {
  const old = stage.querySelector(".sights");
  if (old) {
    old.remove();
    return;
  }
  const box = make("div", "sights");
  box.setAttribute("role", "dialog");
  box.setAttribute("aria-label", "视图");
  const form = make("form");
  const name = make("input");
  name.setAttribute("aria-label", "视图的名称");
  name.placeholder = "名称";
  name.maxLength = 40;
  form.append(name, make("button", "", "保存"));
  const told = make("p", "told", "");
  const items = make("ul");
  const draw = () => items.replaceChildren(...readSights().map((sight) => {
    const item = make("li");
    const open = make("button", "open", sight.name);
    open.type = "button";
    open.onclick = () => {
      sessionStorage.setItem(OPENED, sight.name);
      if (location.search === sight.search) location.reload();
      else location.assign(location.pathname + sight.search);
    };
    const away = make("button", "", "×");
    away.type = "button";
    away.setAttribute("aria-label", `移除视图：${sight.name}`);
    away.onclick = () => {
      keepSights(readSights().filter((other) => other.name !== sight.name));
      draw();
    };
    item.append(open, away);
    return item;
  }));
  form.onsubmit = (event) => {
    event.preventDefault();
    const called = name.value.trim();
    if (!called) return;
    const others = readSights().filter((sight) => sight.name !== called);
    const kept = keepSights([{ name: called, search: location.search, ...current() }, ...others]);
    told.textContent = kept ? "已保存在这个浏览器里" : "浏览器不允许保存，请检查它的设置";
    name.value = "";
    draw();
  };
  box.onkeydown = (event) => {
    if (event.key === "Escape") box.remove();
  };
  box.append(form, told, items);
  draw();
  stage.append(box);
  name.focus();
};
