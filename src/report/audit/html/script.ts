/**
 * Search, filters and links that carry them: `#team=payments&section=capacity&q=web`. It hides and unfolds what stands
 * on the page; whatever it does not understand it leaves as it is.
 */
export const script = `
(() => {
  const form = document.getElementById('filter');
  const found = document.getElementById('found');
  const folded = [];
  addEventListener('beforeprint', () => {
    for (const one of document.querySelectorAll('details:not([open])')) { one.open = true; folded.push(one); }
  });
  addEventListener('afterprint', () => { for (const one of folded.splice(0)) one.open = false; });
  const unfoldTo = (node) => { for (let at = node; at; at = at.parentElement) if (at.tagName === 'DETAILS') at.open = true; };
  if (!form || !found) {
    const reveal = () => unfoldTo(document.getElementById(decoded(location.hash.slice(1))));
    addEventListener('hashchange', reveal);
    reveal();
    return;
  }
  const [search, none, shown, unfold] = ['q', 'none', 'shown', 'unfold'].map((id) => document.getElementById(id));
  const selects = [...form.querySelectorAll('select')];
  const boxes = [...form.querySelectorAll('[name=action]')];
  const sections = new Map([...document.querySelectorAll('[data-sections]')].map((one) => [one.id, one.dataset.sections.split(' ')]));
  const places = [...found.children].map((place) => ({
    node: place,
    objects: [...place.querySelectorAll('details')].map((object) => ({
      node: object,
      number: object.querySelector('.n'),
      items: [...object.lastElementChild.children],
    })),
  }));
  const total = places.reduce((sum, { objects }) => sum + objects.reduce((all, { items }) => all + items.length, 0), 0);
  // Texts that many findings share stand with the policy: each finding gets its own where one looks for it.
  for (const link of found.querySelectorAll('a[href^="#fix-"]')) {
    const advice = document.createElement('p');
    advice.className = 't';
    advice.textContent = document.getElementById(link.hash.slice(1)).textContent;
    link.parentElement.before(advice);
    link.hash = link.textContent;
  }
  const few = 200;
  // Made at the first search, and kept: reading ten thousand texts takes a moment.
  const texts = new Map();
  const textOf = (place, object, item) => {
    let text = texts.get(item);
    if (text === undefined) {
      text = (place.firstElementChild.textContent + ' ' + object.firstElementChild.textContent + ' ' + item.textContent).toLowerCase();
      texts.set(item, text);
    }
    return text;
  };
  function decoded(text) { try { return decodeURIComponent(text); } catch { return text; } }
  const policyOf = (item) => {
    const link = item.querySelector('.w > a');
    return link ? link.textContent : '';
  };
  const policies = new Map();
  // A missing record is of the section it is about.
  const sectionsOf = (item) => (item.dataset.section ? [item.dataset.section] : sections.get(policies.get(item)) || []);
  for (const { objects } of places) for (const { items } of objects) for (const item of items) policies.set(item, policyOf(item));
  const show = (node, visible) => { if (node.hidden === visible) node.hidden = !visible; };
  let visible = total;
  function apply(isAsked) {
    const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
    const actions = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    const asked = Object.fromEntries(selects.map((select) => [select.id, select.value]));
    const fits = (place, object, item) =>
      actions.has(item.classList[0]) &&
      (!asked.severity || item.classList[1] === asked.severity) &&
      (!asked.policy || policies.get(item) === asked.policy) &&
      (!asked.section || sectionsOf(item).includes(asked.section)) &&
      words.every((word) => textOf(place, object, item).includes(word));
    visible = 0;
    for (const { node: place, objects } of places) {
      const isPlace =
        (!asked.cluster || place.dataset.cluster === asked.cluster) &&
        (!asked.namespace || place.dataset.namespace === asked.namespace);
      let inPlace = 0;
      for (const { node: object, number, items } of objects) {
        let count = 0;
        if (isPlace && (!asked.team || object.dataset.team === asked.team)) {
          for (const item of items) {
            const fit = fits(place, object, item);
            show(item, fit);
            if (fit) count += 1;
          }
        }
        show(object, count > 0);
        const words = count === items.length || count === 0 ? String(items.length) : count + ' of ' + items.length;
        if (number.textContent !== words) number.textContent = words;
        inPlace += count;
      }
      show(place, inPlace > 0);
      visible += inPlace;
    }
    if (isAsked && visible < total && visible <= few) for (const { objects } of places) for (const { node } of objects) if (!node.hidden) node.open = true;
    const all = total.toLocaleString('en-US');
    shown.value = visible === total ? all + (total === 1 ? ' finding' : ' findings') : visible.toLocaleString('en-US') + ' of ' + all;
    none.hidden = visible > 0;
  }
  function toHash() {
    const params = new URLSearchParams();
    if (search.value) params.set('q', search.value);
    if (boxes.some((box) => !box.checked)) params.set('action', boxes.filter((box) => box.checked).map((box) => box.value).join(','));
    for (const select of selects) if (select.value) params.set(select.id, select.value);
    const text = params.toString();
    history.replaceState(null, '', text ? '#' + text : location.href.split('#')[0]);
  }
  function fromParams(params) {
    search.value = params.get('q') || '';
    const actions = params.get('action');
    for (const box of boxes) box.checked = actions === null || actions.split(',').includes(box.value);
    for (const select of selects) {
      const value = params.get(select.id) || '';
      select.value = [...select.options].some((option) => option.value === value) ? value : '';
    }
    apply(true);
  }
  function fromHash() {
    const text = location.hash.slice(1);
    if (text.includes('=')) {
      fromParams(new URLSearchParams(text));
      form.scrollIntoView();
      return;
    }
    // What was left out is at least counted there.
    const target = document.getElementById(decoded(text)) || (text.startsWith('at/') && document.getElementById('cut'));
    if (!target) return;
    if (found.contains(target) && !target.checkVisibility({ contentVisibilityAuto: false })) fromParams(new URLSearchParams());
    unfoldTo(target);
    target.scrollIntoView();
  }
  let waiting;
  const changed = () => { apply(true); toHash(); };
  form.addEventListener('input', (event) => {
    clearTimeout(waiting);
    waiting = setTimeout(changed, event.target === search && total > 2000 ? 120 : 0);
  });
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('reset', () => { clearTimeout(waiting); waiting = setTimeout(changed, 0); });
  let unfolded = found.querySelector('details:not([open])') === null;
  const tellUnfold = () => { unfold.textContent = unfolded ? 'Fold all' : 'Unfold all'; };
  unfold.addEventListener('click', () => {
    unfolded = !unfolded;
    for (const { objects } of places) for (const { node } of objects) node.open = unfolded;
    tellUnfold();
  });
  document.addEventListener('click', (event) => {
    const link = event.target.closest('a[data-filter]');
    if (!link) return;
    event.preventDefault();
    if (location.hash === '#' + link.dataset.filter) fromHash();
    else location.hash = link.dataset.filter;
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === '/' && !event.ctrlKey && !event.metaKey && !/^(?:INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) {
      event.preventDefault();
      search.focus();
    } else if (event.key === 'Escape' && document.activeElement === search && search.value) {
      search.value = '';
      changed();
    }
  });
  addEventListener('hashchange', fromHash);
  form.hidden = false;
  tellUnfold();
  apply(false);
  if (location.hash.length > 1) fromHash();
})();
`;
