// Puts a variable where one types in a template. The form then follows as it does for what is typed.

let last = null;

document.addEventListener('focusin', (event) => {
  if (event.target instanceof HTMLTextAreaElement && 'template' in event.target.dataset) last = event.target.id;
});

document.addEventListener('click', (event) => {
  const button = event.target instanceof Element ? event.target.closest('button[data-insert]') : null;
  if (!button) return;
  // A fresher form may have put another field in the place of the one that had the focus.
  const field = (last && document.getElementById(last)) || document.querySelector('textarea[data-template]');
  if (!(field instanceof HTMLTextAreaElement)) return;
  field.focus();
  field.setRangeText(button.dataset.insert, field.selectionStart, field.selectionEnd, 'end');
  field.dispatchEvent(new InputEvent('input', { bubbles: true }));
});
