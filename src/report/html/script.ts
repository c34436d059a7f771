/** Search and filters. Whatever it does not understand it leaves as it is: the whole list. */
export const script = `
(() => {
  const form = document.getElementById('filter');
  if (!form) return;
  const [search, severity, category, rendering, shown, none] = ['search', 'severity', 'category', 'rendering', 'shown', 'none']
    .map((id) => document.getElementById(id));
  const categories = new Map([...document.querySelectorAll('article[id]')].map((node) => [node.id, node.dataset.category]));
  const files = [...document.querySelectorAll('.file')].map((file) => ({
    node: file,
    objects: [...file.querySelectorAll('details')].map((object) => {
      const title = file.firstElementChild.textContent + ' ' + object.firstElementChild.textContent;
      return {
        node: object,
        number: object.querySelector('.n'),
        lines: [...object.querySelectorAll('.l')].map((line) => ({
          node: line,
          items: [...line.querySelectorAll('li')].map((item) => ({
            node: item,
            standing: item.className,
            rendering: object.dataset.r,
            text: (title + ' ' + item.textContent).toLowerCase(),
          })),
        })),
      };
    }),
  }));
  const all = document.querySelectorAll('.l li').length;
  const show = (entry, visible) => { entry.node.hidden = visible === 0; return visible; };
  const sum = (list, measure) => list.reduce((total, entry) => total + measure(entry), 0);
  function apply() {
    const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
    const standings = new Set([...form.querySelectorAll('[name=standing]:checked')].map((box) => box.value));
    const fits = ({ node, standing, rendering: own, text }) =>
      standings.has(standing) &&
      (!rendering?.value || own === rendering.value) &&
      (!severity.value || node.dataset.s === severity.value) &&
      (!category.value || categories.get(node.dataset.p) === category.value) &&
      words.every((word) => text.includes(word));
    const visible = sum(files, (file) => show(file, sum(file.objects, (object) => {
      const number = sum(object.lines, (line) => show(line, sum(line.items, (item) => show(item, fits(item) ? 1 : 0))));
      object.number.textContent = number;
      return show(object, number);
    })));
    shown.value = visible === all ? all + (all === 1 ? ' finding' : ' findings') : visible + ' of ' + all;
    none.hidden = visible > 0;
  }
  let waiting;
  form.addEventListener('input', () => { clearTimeout(waiting); waiting = setTimeout(apply, all > 2000 ? 150 : 0); });
  form.addEventListener('submit', (event) => event.preventDefault());
  document.addEventListener('click', (event) => {
    const link = event.target.closest('a[data-category]');
    if (!link) return;
    category.value = link.dataset.category;
    apply();
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === '/' && !/^(?:INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) {
      event.preventDefault();
      search.focus();
    } else if (event.key === 'Escape' && document.activeElement === search) {
      search.value = '';
      apply();
    }
  });
  form.hidden = false;
  apply();
})();
`;
