// All that the provider knows: users, applications, tokens; and the adapter that keeps it.

import { randomUUID } from 'node:crypto';

import Provider from 'oidc-provider';

import { EntraError, OIDC } from './entra.mjs';

export const state = {
  tenants: new Map(), // name -> {name, id, records: Map, provider}
  users: new Map(), // oid -> {upn, oid, tenant, name, mfa, disabled}
  clients: new Map(), // id -> {id, secrets: [{value, expired}], keys, redirects, public, scopes, roles}
  tokens: new Map(), // jti of an access token -> {oid, client, revoked}
  strong: new Set(), // grants that began with multi-factor authentication
  requests: [], // of the token endpoint
  faults: [],
  seconds: { access: 3600, refresh: 90 * 86400 },
};

export const userNamed = (upn) => [...state.users.values()].find((user) => user.upn === upn.toLowerCase());

export function addTenant(name) {
  const guid = /^[0-9a-f-]{36}$/.test(name) ? name : randomUUID();
  const tenant = { name, id: guid, records: new Map() };
  state.tenants.set(name, tenant);
  return tenant;
}

// Every record of one kind in all tenants.
export function* records(kind) {
  for (const { records: kept } of state.tenants.values()) {
    for (const [key, value] of kept) if (key.startsWith(`${kind}:`)) yield value;
  }
}

const GRANTS = [
  'authorization_code',
  'refresh_token',
  'client_credentials',
  'urn:ietf:params:oauth:grant-type:device_code',
  'urn:ietf:params:oauth:grant-type:jwt-bearer',
];

// An application may sign in by secret, by certificate, or, if public, by nothing: which of
// these it does now stands in the request.
function registered(id) {
  const client = state.clients.get(id);
  if (!client) return undefined;
  const { route, params = {} } = Provider.ctx?.oidc ?? {};
  const found = {
    client_id: id,
    grant_types: GRANTS,
    response_types: ['code'],
    redirect_uris: client.redirects,
    application_type: client.redirects.some((uri) => uri.startsWith('https:')) ? 'web' : 'native',
  };
  if (params.client_assertion) {
    return { ...found, token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: client.keys } };
  }
  if (params.client_secret) {
    const secret = client.secrets.find(({ value }) => value === params.client_secret);
    if (!secret) throw new EntraError(7000215, { client: id });
    if (secret.expired) throw new EntraError(7000222, { client: id });
    return { ...found, token_endpoint_auth_method: 'client_secret_post', client_secret: secret.value };
  }
  if (route === 'token' && !client.public) throw new EntraError(7000218);
  return { ...found, token_endpoint_auth_method: 'none' };
}

// Unlike elsewhere, one refresh token of Entra reaches all that its user has consented to.
function widened(payload, kept) {
  const grant = kept.get(`Grant:${payload.grantId}`);
  if (!grant) return payload;
  const scopes = Object.values(grant.resources ?? {}).flatMap((text) => text.split(' '));
  return {
    ...payload,
    scope: [...new Set([...OIDC, ...scopes])].join(' '),
    resource: Object.keys(grant.resources ?? {}),
  };
}

// Keeps what expired: the provider then says that it expired, not that it never was.
export const adapterOf = ({ records: kept }) => class {
  constructor(kind) {
    this.kind = kind;
  }

  async upsert(id, payload) {
    kept.set(`${this.kind}:${id}`, this.kind === 'RefreshToken' ? widened(payload, kept) : payload);
  }

  async find(id) {
    if (this.kind === 'Client') return registered(id);
    const found = kept.get(`${this.kind}:${id}`);
    if (found?.trouble) throw new EntraError(found.trouble, { client: found.clientId });
    return found;
  }

  async findByUid(uid) {
    return this.#first((value) => value.uid === uid);
  }

  async findByUserCode(code) {
    return this.#first((value) => value.userCode === code);
  }

  async consume(id) {
    kept.get(`${this.kind}:${id}`).consumed = Math.floor(Date.now() / 1000);
  }

  async destroy(id) {
    kept.delete(`${this.kind}:${id}`);
  }

  async revokeByGrantId(grantId) {
    for (const [key, value] of kept) {
      if (key.startsWith(`${this.kind}:`) && value.grantId === grantId) kept.delete(key);
    }
  }

  #first(wanted) {
    for (const [key, value] of kept) if (key.startsWith(`${this.kind}:`) && wanted(value)) return value;
    return undefined;
  }
};
