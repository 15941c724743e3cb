// The server: TLS, tenants by path, sign-in pages, introspection, faults, and the control
// endpoint that tests/servers/openid/__init__.py talks to. It ends when its stdin closes.

import { createPublicKey } from 'node:crypto';
import { createServer } from 'node:https';
import { createInterface } from 'node:readline';

import { jwtVerify } from 'jose';

import { control } from './control.mjs';
import { OIDC, answer, byResource, split } from './entra.mjs';
import { signInForm } from './pages.mjs';
import { addTenant, state, userNamed } from './state.mjs';
import { serve } from './tenant.mjs';

async function bodyOf(stream) {
  const parts = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts).toString();
}

function send(res, status, body, type = 'application/json') {
  res.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
  res.end(type === 'application/json' ? JSON.stringify(body) : body);
}

// Signing in is consenting: to what is asked, and to what the application has registered.
async function consent(tenant, user, { client_id: clientId, scope }) {
  const grant = new tenant.provider.Grant({ accountId: user.oid, clientId });
  grant.addOIDCScope(OIDC.join(' '));
  const wanted = [...split(scope), ...state.clients.get(clientId).scopes];
  for (const [resource, scopes] of Object.entries(byResource(wanted))) {
    grant.addResourceScope(resource, [...new Set(scopes)].join(' '));
  }
  const grantId = await grant.save();
  state.strong.add(grantId);
  return grantId;
}

function unwelcome(user, name, tenant, client) {
  const words = { user: name, tenant: tenant.name, client, home: user?.tenant };
  if (!user) return answer(50034, words);
  if (![user.tenant, 'organizations', 'common'].includes(tenant.name)) return answer(50020, words);
  return user.disabled ? answer(50057, words) : undefined;
}

async function interact(tenant, req, res) {
  const details = await tenant.provider.interactionDetails(req, res);
  if (req.method !== 'POST') return send(res, 200, signInForm(details), 'text/html');
  const form = new URLSearchParams(await bodyOf(req));
  if (form.get('action') === 'decline') {
    const { error, error_description } = answer(65004).body;
    return tenant.provider.interactionFinished(req, res, { error, error_description });
  }
  const name = form.get('username') ?? '';
  const user = userNamed(name);
  const refused = unwelcome(user, name, tenant, details.params.client_id);
  if (refused) return send(res, 200, signInForm(details, refused.body.error_description), 'text/html');
  const grantId = await consent(tenant, user, details.params);
  return tenant.provider.interactionFinished(req, res, {
    login: { accountId: user.oid },
    consent: { grantId },
  });
}

// RFC 7662, for resource servers that are to see revocation; Entra has no such endpoint.
async function introspect(tenant, req, res) {
  const wanted = `Basic ${Buffer.from(`introspection:${state.introspectionSecret}`).toString('base64')}`;
  if (req.headers.authorization !== wanted) return send(res, 401, { error: 'invalid_client' });
  const token = new URLSearchParams(await bodyOf(req)).get('token') ?? '';
  try {
    const { payload } = await jwtVerify(token, state.publicKey, { issuer: tenant.provider.issuer });
    const known = state.tokens.get(payload.jti);
    if (!known || known.revoked) return send(res, 200, { active: false });
    return send(res, 200, { active: true, ...payload });
  } catch {
    return send(res, 200, { active: false });
  }
}

// A fault that was asked for; true when it has answered.
async function fault(req, res, path) {
  const found = state.faults.find(({ part, times }) => times > 0 && path.includes(part));
  if (!found) return false;
  found.times -= 1;
  if (found.kind === 'slow') {
    await new Promise((done) => { setTimeout(done, found.seconds * 1000); });
    return false;
  }
  if (found.kind === 'lose') {
    res.end = () => { req.socket.destroy(); return res; };
    return false;
  }
  if (found.kind === 'cut') {
    req.socket.destroy();
    return true;
  }
  const { body } = answer(90033);
  if (found.seconds) res.setHeader('retry-after', String(found.seconds));
  send(res, found.status, body);
  return true;
}

async function route(req, res) {
  const [, name, rest] = /^\/([^/?]+)(.*)$/.exec(req.url) ?? [];
  if (name === 'control' && req.headers.authorization === `Bearer ${state.controlSecret}`) {
    const { call, args } = JSON.parse(await bodyOf(req));
    return send(res, 200, { result: control[call](args) ?? null });
  }
  if (await fault(req, res, req.url)) return undefined;
  const tenant = state.tenants.get(name);
  if (!tenant) return send(res, 400, answer(90002, { tenant: name }).body);
  if (rest.startsWith('/interaction/')) return interact(tenant, req, res);
  if (rest === '/oauth2/introspect') return introspect(tenant, req, res);
  return tenant.handle(req, res, rest);
}

const lines = createInterface({ input: process.stdin });
lines.on('close', () => process.exit(0));
lines.once('line', (text) => {
  const { tls, key, tenants, controlSecret, introspectionSecret } = JSON.parse(text);
  const publicKey = createPublicKey({ key, format: 'jwk' });
  Object.assign(state, { controlSecret, introspectionSecret, publicKey });
  const server = createServer(tls, (req, res) => {
    route(req, res).catch((err) => {
      console.error(err);
      if (!res.headersSent) send(res, 500, { error: 'server_error' });
    });
  });
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    for (const name of tenants) {
      const tenant = addTenant(name);
      tenant.handle = serve(tenant, `https://localhost:${port}`, key);
    }
    console.log(JSON.stringify({ port, ids: Object.fromEntries([...state.tenants].map(([name, { id }]) => [name, id])) }));
  });
});
