const form = document.getElementById('form');
const error = document.getElementById('error');
const button = form.querySelector('button');

// A link from elsewhere arrives without the cookie; a request of our own has it.
fetch('/api/session').then((answer) => {
  if (answer.ok) location.replace('/');
});

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  error.textContent = '';
  button.disabled = true;
  try {
    const answer = await fetch('/login', { method: 'POST', body: new URLSearchParams(new FormData(form)) });
    if (answer.ok) {
      location.replace('/');
      return;
    }
    error.textContent = (await answer.json()).error;
    form.password.select();
  } catch {
    error.textContent = 'The dashboard does not answer; try again.';
  } finally {
    button.disabled = false;
  }
});
