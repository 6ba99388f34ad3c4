"use strict";
(function () {
  var root = document.getElementById("explorer");
  if (!root) { return; }
  var views = JSON.parse(root.getAttribute("data-points"));
  var choice = document.getElementById("explorer-view");
  var slider = document.getElementById("explorer-at");
  var said = document.getElementById("explorer-said");
  var head = document.getElementById("explorer-head");
  var body = document.getElementById("explorer-body");
  function make(name, text, parent) {
    var made = document.createElement(name);
    if (text) { made.textContent = text; }
    parent.appendChild(made);
    return made;
  }
  function cell(row, found) {
    var made = make("td", found[0], row);
    made.className = "number";
    if (found[1]) { make("small", found[1], made); }
    if (found[2] !== null) {
      var bar = make("span", "", make("span", "", made));
      bar.parentNode.className = "bar";
      bar.style.width = 100 * Math.min(found[2], 1) + "%";
    }
  }
  function draw() {
    var view = views[choice.value];
    var at = Number(slider.value);
    var words = view.axis + " " + view.positions[at];
    said.textContent = words;
    slider.setAttribute("aria-valuetext", words);
    head.textContent = "";
    body.textContent = "";
    make("th", view.words.group, head).scope = "col";
    view.measures.forEach(function (measure) {
      var made = make("th", measure.name, head);
      made.scope = "col";
      made.className = "number";
    });
    view.groups.forEach(function (group, i) {
      var row = make("tr", "", body);
      var name = make("th", "", row);
      name.scope = "row";
      make("bdi", group, name);
      view.measures.forEach(function (measure) { cell(row, measure.cells[at][i]); });
    });
  }
  function change() {
    var view = views[choice.value];
    slider.max = String(view.positions.length - 1);
    slider.value = String(view.start);
    draw();
  }
  choice.addEventListener("change", change);
  slider.addEventListener("input", draw);
  change();
  root.hidden = false;
})();
