// What one writes stays in this browser: tabs with their texts, the queries that ran, those that one keeps by name.
const DRAFTS = "policykg-queries";
const MOST_TABS = 12, MOST_RAN = 40, MOST_KEPT = 100;

const readDrafts = () => {
  const fresh = { tabs: [{ id: 1, text: "", ran: "" }], active: 1, next: 2, ran: [], kept: [] };
  try {
    const held = JSON.parse(localStorage.getItem(DRAFTS));
    const whole = held && ["tabs", "ran", "kept"].every((name) => Array.isArray(held[name])) && held.tabs.length;
    return whole ? { ...fresh, ...held } : fresh;
  } catch { // nothing may be kept here, or it was written by something else
    return fresh;
  }
};

const keepDrafts = (drafts) => { // whether it could be: full, or not allowed, the tabs live as long as the page
  try {
    localStorage.setItem(DRAFTS, JSON.stringify(drafts));
    return true;
  } catch {
    return false;
  }
};

const refreshLists = (drafts) => { // what another window of this browser has run or kept meanwhile
  let held = null;
  try {
    held = JSON.parse(localStorage.getItem(DRAFTS));
  } catch { // nothing may be kept here
  }
  ["ran", "kept"].forEach((name) => { if (Array.isArray(held?.[name])) drafts[name] = held[name]; });
};

const currentTab = (drafts) => drafts.tabs.find((tab) => tab.id === drafts.active) ?? drafts.tabs[0];

const openTab = (drafts, text) => {
  if (drafts.tabs.length >= MOST_TABS) { // the oldest whose text is in the history gives way; none that is nowhere else
    const old = drafts.tabs.find((tab) => tab.text === tab.ran && tab.id !== drafts.active);
    if (old) drafts.tabs.splice(drafts.tabs.indexOf(old), 1);
  }
  const tab = { id: drafts.next, text, ran: "" };
  drafts.next += 1;
  drafts.tabs.push(tab);
  drafts.active = tab.id;
  return tab;
};

const closeTab = (drafts) => {
  const at = drafts.tabs.indexOf(currentTab(drafts));
  drafts.tabs.splice(at, 1);
  if (!drafts.tabs.length) openTab(drafts, "");
  drafts.active = drafts.tabs[Math.min(at, drafts.tabs.length - 1)].id;
};

const rememberRun = (drafts, text) => {
  refreshLists(drafts);
  currentTab(drafts).ran = text;
  drafts.ran = [{ text, at: Date.now() }, ...drafts.ran.filter((item) => item.text !== text)].slice(0, MOST_RAN);
};

// A query from elsewhere takes the place of what is in the history already; else it gets a tab.
const openText = (drafts, text) => {
  const tab = currentTab(drafts);
  const same = tab.text === text ? tab : drafts.tabs.find((other) => other.text === text);
  if (same) drafts.active = same.id;
  else if (tab.text.trim() && tab.text !== tab.ran) openTab(drafts, text);
  else tab.text = text;
};

const takeIn = (drafts, text) => { // from a link, which has run
  openText(drafts, text);
  rememberRun(drafts, text);
};

const titleOf = (text) => {
  const body = text.replace(/^\s*(?:(?:#.*|PREFIX\s.*)\n)*/iu, "").replace(/\s+/gu, " ").trim();
  return body.length > 60 ? `${body.slice(0, 59)}…` : body || "空白";
};

const drawTabs = (strip, drafts, act) => {
  const tab = currentTab(drafts);
  const list = make("div", "tabs");
  list.setAttribute("role", "tablist");
  list.setAttribute("aria-label", "查询标签页");
  drafts.tabs.forEach((one) => {
    const element = make("button", "tab", `查询 ${one.id}`);
    element.type = "button";
    element.title = titleOf(one.text);
    element.setAttribute("role", "tab");
    element.setAttribute("aria-selected", String(one === tab));
    element.tabIndex = one === tab ? 0 : -1;
    element.onclick = () => act.pick(one.id);
    element.onkeydown = (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const at = drafts.tabs.indexOf(one);
      act.pick(drafts.tabs[(at + step + drafts.tabs.length) % drafts.tabs.length].id);
      strip.querySelector('[aria-selected="true"]').focus();
    };
    list.append(element);
  });
  const small = (label, sign, does) => {
    const element = make("button", "small", sign);
    element.type = "button";
    element.title = label;
    element.setAttribute("aria-label", label);
    element.onclick = does;
    return element;
  };
  strip.replaceChildren(list, small("新标签页", "＋", act.open), small("关闭当前标签页", "×", act.close));
};

// One's own queries and the history as two lists; a click opens one in a tab.
const drawMenu = (menu, drafts, act) => {
  const line = (text, told, drop) => {
    const row = make("div", "row");
    const open = make("button", "open", told);
    open.type = "button";
    open.title = text;
    open.onclick = () => act.show(text);
    row.append(open);
    const away = make("button", "small", "×");
    away.type = "button";
    away.setAttribute("aria-label", `移除：${told}`);
    away.onclick = drop;
    row.append(away);
    return row;
  };
  const part = (heading, empty, rows) => {
    const box = make("div", "part");
    box.append(make("p", "heading", heading), ...(rows.length ? rows : [make("p", "empty", empty)]));
    return box;
  };
  const day = new Intl.DateTimeFormat("zh-CN", { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" });
  const without = (name, item) => () => {
    refreshLists(drafts);
    drafts[name] = drafts[name].filter((other) => JSON.stringify(other) !== JSON.stringify(item));
    act.changed();
  };
  menu.replaceChildren(
    part("收藏的查询", "还没有。写好后点“收藏”。", drafts.kept.map((item) => line(item.text, item.name, without("kept", item)))),
    part("运行过的查询", "还没有。", drafts.ran.map((item) => (
      line(item.text, `${day.format(item.at)}　${titleOf(item.text)}`, without("ran", item))))),
    make("p", "empty", "都只存在这台电脑的这个浏览器里。"),
  );
};

const keepByName = (drafts, name, text) => { // whether it is kept: beyond the limit something must be taken away first
  refreshLists(drafts);
  const others = drafts.kept.filter((item) => item.name !== name);
  if (others.length >= MOST_KEPT) return false;
  drafts.kept = [{ name, text }, ...others];
  return keepDrafts(drafts);
};
