// One tenant: oidc-provider with Entra's paths, claims and answers.

import Provider from 'oidc-provider';

import { EntraError, OIDC, answer, byResource, codeOf, resourceOf, shortName, split } from './entra.mjs';
import { BEARER, onBehalfOf } from './on_behalf_of.mjs';
import { errorPage, page } from './pages.mjs';
import { adapterOf, state } from './state.mjs';

export function resourceServer(ctx, resource, client) {
  const asked = split(ctx.oidc.params?.scope).filter((scope) => resourceOf(scope) === resource);
  const known = state.clients.get(client.clientId)?.scopes ?? [];
  const granted = split(ctx.oidc.entities.Grant?.resources?.[resource]);
  const own = known.filter((scope) => resourceOf(scope) === resource);
  return {
    scope: [...new Set([...asked, ...own, ...granted])].join(' '),
    audience: resource,
    accessTokenTTL: state.seconds.access,
    accessTokenFormat: 'jwt',
    jwt: { sign: { alg: 'RS256' } },
  };
}

// MSAL names no resource: the scopes do.
function resourceAsked(ctx, _client, oneOf) {
  const { grant_type: grant, scope } = ctx.oidc.params ?? {};
  if (grant === 'client_credentials' && !scope?.endsWith('/.default')) {
    throw new EntraError(1002012, { detail: scope });
  }
  const [first] = Object.keys(byResource(split(ctx.oidc.params?.scope)));
  return first ?? oneOf?.[0];
}

function claimsOf(user) {
  return {
    sub: user.oid,
    oid: user.oid,
    tid: state.tenants.get(user.tenant).id,
    ver: '2.0',
    name: user.name,
    preferred_username: user.upn,
    upn: user.upn,
    email: user.upn,
  };
}

function mayGoOn(user, source, client) {
  if (user.disabled) throw new EntraError(50057);
  if (user.mfa && source?.grantId && !state.strong.has(source.grantId)) {
    throw new EntraError(50076, { client });
  }
}

function dress(ctx, token, parts, tenant) {
  const { payload } = parts;
  const user = state.users.get(token.accountId);
  parts.header = { typ: 'JWT' }; // Dovecot takes no 'at+jwt'
  // 'appid' and no 'azp', as in tokens for Outlook and Graph: Dovecot looks up keys by 'azp'.
  Object.assign(payload, { nbf: payload.iat, ver: '1.0', tid: tenant.id, appid: token.clientId });
  if (user) {
    const { sub, oid, tid, name, upn } = claimsOf(user);
    Object.assign(payload, { sub, oid, tid, name, upn, preferred_username: upn, idtyp: 'user' });
    payload.scp = split(payload.scope).map(shortName).join(' ');
  } else {
    const roles = state.clients.get(token.clientId)?.roles?.[payload.aud] ?? [];
    Object.assign(payload, { roles, idtyp: 'app', oid: token.clientId, scope: undefined });
  }
  state.tokens.set(payload.jti, { oid: token.accountId, client: token.clientId, revoked: false });
}

function configuration(tenant, key) {
  return {
    adapter: adapterOf(tenant),
    jwks: { keys: [key] },
    cookies: { keys: [tenant.id] },
    clientAuthMethods: ['none', 'client_secret_post', 'private_key_jwt'],
    enabledJWA: { clientAuthSigningAlgValues: ['RS256', 'PS256'] },
    scopes: OIDC,
    claims: { openid: ['sub', 'oid', 'tid', 'ver', 'name', 'preferred_username', 'upn', 'email'] },
    conformIdTokenClaims: false,
    extraParams: ['domain_hint', 'client_info'],
    pkce: { required: () => false },
    rotateRefreshToken: true,
    expiresWithSession: () => false,
    ttl: {
      AccessToken: () => state.seconds.access,
      ClientCredentials: () => state.seconds.access,
      RefreshToken: () => state.seconds.refresh,
      IdToken: 3600,
      Interaction: 3600,
      Session: 86400,
      Grant: 86400 * 365,
      DeviceCode: 900,
      AuthorizationCode: 600,
    },
    routes: {
      authorization: '/oauth2/v2.0/authorize',
      token: '/oauth2/v2.0/token',
      device_authorization: '/oauth2/v2.0/devicecode',
      code_verification: '/oauth2/deviceauth',
      jwks: '/discovery/v2.0/keys',
      end_session: '/oauth2/v2.0/logout',
    },
    interactions: { url: (_, { uid }) => `/${tenant.name}/interaction/${uid}` },
    async findAccount(ctx, oid, source) {
      const user = state.users.get(oid);
      if (!user) return undefined;
      if (ctx.oidc?.route === 'token') mayGoOn(user, source, ctx.oidc.client?.clientId);
      return { accountId: oid, claims: () => claimsOf(user) };
    },
    formats: { customizers: { jwt: (ctx, token, parts) => dress(ctx, token, parts, tenant) } },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      clientCredentials: { enabled: true },
      deviceFlow: {
        enabled: true,
        userCodeInputSource: (ctx, form, out, err) => page(ctx, form, err && 'This code did not work.'),
        userCodeConfirmSource: (ctx, form, client) => page(ctx, `<p>Sign in to ${client.clientId}?</p>${form}
          <button type="submit" form="op.deviceConfirmForm">Continue</button>`),
        successSource: (ctx) => page(ctx, '<p>You have signed in. You may close this window.</p>'),
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: resourceAsked,
        useGrantedResource: () => true,
        getResourceServerInfo: resourceServer,
      },
    },
    renderError(ctx, out, err) {
      const { status, body } = translated(ctx, err, tenant) ?? { status: ctx.status, body: out };
      ctx.status = status;
      errorPage(ctx, body);
    },
  };
}

function translated(ctx, err, tenant) {
  const { params = {}, client } = ctx.oidc ?? {};
  const code = err.code ?? codeOf(err, params.grant_type, params);
  if (!code) return undefined;
  const words = { client: client?.clientId ?? params.client_id, tenant: tenant.name, detail: err.error_detail };
  return answer(code, { ...words, ...err.words }, err.extra);
}

function remember(ctx, tenant, body) {
  const { params = {}, client, account } = ctx.oidc;
  state.requests.push({
    tenant: tenant.name,
    grant: params.grant_type ?? '',
    client: client?.clientId ?? params.client_id ?? '',
    user: state.users.get(account?.accountId)?.upn ?? '',
    code: body.error_codes?.[0] ?? 0,
    error: body.error ?? '',
  });
}

function refuse(ctx, err, tenant) {
  const found = translated(ctx, err, tenant);
  if (found) {
    ctx.status = found.status;
    ctx.body = found.body;
  }
}

function accept(ctx) {
  const { body } = ctx;
  body.ext_expires_in = body.expires_in;
  const user = state.users.get(ctx.oidc.account?.accountId);
  if (user) {
    const info = JSON.stringify({ uid: user.oid, utid: claimsOf(user).tid });
    body.client_info = Buffer.from(info).toString('base64url');
  } else {
    delete body.scope;
  }
}

// Entra gives refresh tokens without asking for consent again; the provider only with it.
function withConsent(url) {
  const asked = new URL(url, 'https://localhost');
  const prompt = asked.searchParams.get('prompt');
  if (prompt === 'none') return url;
  asked.searchParams.set('prompt', prompt === 'login' ? 'login consent' : 'consent');
  return asked.pathname + asked.search;
}

export function serve(tenant, origin, key) {
  const provider = new Provider(`${origin}/${tenant.name}/v2.0`, configuration(tenant, key));
  tenant.provider = provider;
  provider.on('grant.success', (ctx) => {
    accept(ctx);
    remember(ctx, tenant, ctx.body);
  });
  provider.on('grant.error', (ctx, err) => {
    refuse(ctx, err, tenant);
    remember(ctx, tenant, ctx.body);
  });
  provider.on('device_authorization.error', (ctx, err) => refuse(ctx, err, tenant));
  provider.on('device_authorization.success', (ctx, body) => {
    body.interval = 1;
    body.message = `To sign in, use a web browser to open the page ${body.verification_uri} and enter the code ${body.user_code} to authenticate.`;
  });
  provider.on('server_error', (ctx, err) => console.error(err));
  provider.registerGrantType(
    BEARER,
    (ctx) => onBehalfOf(ctx, tenant, resourceServer),
    ['assertion', 'scope', 'requested_token_use'],
  );
  const handle = provider.callback();
  return (req, res, path) => {
    const inside = path.replace(/^\/v2\.0(?=\/\.well-known\/)/, '');
    req.url = inside.startsWith('/oauth2/v2.0/authorize?') ? withConsent(inside) : inside;
    req.originalUrl = `/${tenant.name}${req.url}`;
    return handle(req, res);
  };
}
