// What tests do to the provider, by name; the Python side documents each.

import { randomUUID } from 'node:crypto';

import { records, state, userNamed } from './state.mjs';

function known(upn) {
  const user = userNamed(upn);
  if (!user) throw new Error(`no user ${upn}`);
  return user;
}

// From now on, refresh tokens of this user answer this code; others can be got by signing in.
function spoil(user, code, client) {
  for (const record of records('RefreshToken')) {
    if (record.accountId === user.oid && (!client || record.clientId === client)) record.trouble = code;
  }
}

function revokeTokens(user, client) {
  for (const token of state.tokens.values()) {
    if (token.oid === user.oid && (!client || token.client === client)) token.revoked = true;
  }
}

export const control = {
  addUser({ upn, tenant, name }) {
    const user = { upn: upn.toLowerCase(), oid: randomUUID(), tenant, name, mfa: false, disabled: false };
    state.users.set(user.oid, user);
    return user.oid;
  },
  removeUser({ upn }) {
    const user = known(upn);
    revokeTokens(user);
    state.users.delete(user.oid);
  },
  setDisabled({ upn, disabled }) {
    known(upn).disabled = disabled;
  },
  setMfa({ upn, mfa }) {
    const user = known(upn);
    user.mfa = mfa;
    for (const { accountId, jti } of records('Grant')) {
      if (accountId === user.oid) state.strong.delete(jti);
    }
  },
  spoilRefreshTokens({ upn, code }) {
    spoil(known(upn), code);
  },
  revoke({ upn, client, code }) {
    const user = known(upn);
    spoil(user, code, client);
    revokeTokens(user, client);
  },
  revokeAccess({ upn }) {
    revokeTokens(known(upn));
  },
  registerClient(client) {
    state.clients.set(client.id, client);
  },
  addSecret({ client, value }) {
    state.clients.get(client).secrets.push({ value, expired: false });
  },
  expireSecret({ client, value }) {
    for (const secret of state.clients.get(client).secrets) {
      if (!value || secret.value === value) secret.expired = true;
    }
  },
  removeClient({ client }) {
    state.clients.delete(client);
  },
  setSeconds(seconds) {
    Object.assign(state.seconds, seconds);
  },
  requests() {
    return state.requests;
  },
  forgetRequests() {
    state.requests.length = 0;
  },
  addFault(fault) {
    state.faults.push(fault);
  },
  clearFaults() {
    state.faults.length = 0;
  },
};
