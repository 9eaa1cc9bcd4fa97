// Gives a text input of the page a list of names to choose from; the browser shows those that hold what is typed.
export default function ({ data, parentElement }) {
  const place = parentElement.ownerDocument;
  const id = `policykg-names-${data.label}`;
  const fill = () => {
    const input = [...place.querySelectorAll("input")].find((one) => one.getAttribute("aria-label") === data.label);
    if (!input) return;
    const list = place.getElementById(id) ?? place.body.appendChild(place.createElement("datalist"));
    list.id = id;
    list.replaceChildren(...data.names.map((name) => Object.assign(place.createElement("option"), { value: name })));
    input.setAttribute("list", id);
    input.setAttribute("autocomplete", "off");
  };
  const waiting = requestAnimationFrame(fill);
  return () => cancelAnimationFrame(waiting);
}
