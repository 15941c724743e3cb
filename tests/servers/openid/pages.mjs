// The few pages that people see: plain HTML, so that a headless browser or a form reader can use them.

const escaped = (text) => String(text ?? '').replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

export function html(content, alert) {
  const warning = alert ? `<p role="alert">${escaped(alert)}</p>` : '';
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Sign in</title>${warning}${content}</html>`;
}

export function page(ctx, content, alert) {
  ctx.type = 'html';
  ctx.body = html(content, alert);
}

export function errorPage(ctx, body) {
  page(ctx, '', `${body.error}: ${body.error_description}`);
}

export function signInForm({ uid, params }, alert) {
  const scopes = (params.scope ?? '').split(' ').map((scope) => `<li>${escaped(scope)}</li>`).join('');
  return html(`<form method="post" action="${escaped(uid)}">
    <p>${escaped(params.client_id)} asks for:</p><ul>${scopes}</ul>
    <label>Account <input name="username" value="${escaped(params.login_hint)}" required></label>
    <button name="action" value="accept">Sign in and accept</button>
    <button name="action" value="decline" formnovalidate>Cancel</button></form>`, alert);
}
