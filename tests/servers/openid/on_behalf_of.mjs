// The on-behalf-of grant, which oidc-provider does not have.
// Source: learn.microsoft.com/entra/identity-platform/v2-oauth2-on-behalf-of-flow.

import { jwtVerify } from 'jose';

import { EntraError, OIDC, byResource, split } from './entra.mjs';
import { state } from './state.mjs';

export const BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

async function verified(assertion, client, tenant) {
  let payload;
  try {
    ({ payload } = await jwtVerify(assertion, state.publicKey, { issuer: tenant.provider.issuer }));
  } catch (err) {
    throw new EntraError(err.code === 'ERR_JWT_EXPIRED' ? 500133 : 50013);
  }
  if (![client, `api://${client}`].includes(payload.aud)) throw new EntraError(500131);
  if (payload.idtyp === 'app') throw new EntraError(7000114, { client });
  return payload;
}

export async function onBehalfOf(ctx, tenant, resourceServer) {
  const { provider } = tenant;
  const { client, params } = ctx.oidc;
  if (params.requested_token_use !== 'on_behalf_of') {
    throw new EntraError(90014, { detail: 'requested_token_use' });
  }
  const { oid } = await verified(params.assertion ?? '', client.clientId, tenant);
  const user = state.users.get(oid);
  if (!user) throw new EntraError(50034, { user: oid });
  if (user.disabled) throw new EntraError(50057);
  if (user.mfa) throw new EntraError(50076, { client: client.clientId }, { error: 'interaction_required' });

  const asked = split(params.scope);
  const [[resource, scopes] = []] = Object.entries(byResource(asked));
  const allowed = state.clients.get(client.clientId).scopes;
  if (!resource) throw new EntraError(70011);
  if (!scopes.every((scope) => allowed.includes(scope))) throw new EntraError(65001, { client: client.clientId });

  const grant = new provider.Grant({ accountId: oid, clientId: client.clientId });
  grant.addOIDCScope(OIDC.join(' '));
  grant.addResourceScope(resource, scopes.join(' '));
  const grantId = await grant.save();
  ctx.oidc.entity('Account', { accountId: oid });
  const about = { accountId: oid, client, grantId, gty: BEARER };
  const token = new provider.AccessToken({ ...about, scope: scopes.join(' ') });
  token.resourceServer = new provider.ResourceServer(resource, resourceServer(ctx, resource, client));
  ctx.body = {
    access_token: await token.save(),
    token_type: 'Bearer',
    expires_in: token.expiration,
    scope: scopes.join(' '),
  };
  if (asked.includes('offline_access')) {
    const refresh = new provider.RefreshToken({ ...about, scope: asked.join(' '), resource, rotations: 0 });
    ctx.body.refresh_token = await refresh.save();
  }
}
