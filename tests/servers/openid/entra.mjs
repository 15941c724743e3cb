// What Microsoft Entra says: its error codes, and how it reads scopes.
// Source: learn.microsoft.com/entra/identity-platform/reference-error-codes and
// learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code (errors while polling).

import { randomUUID } from 'node:crypto';

import { errors } from 'oidc-provider';

const GRAPH = 'https://graph.microsoft.com';
const MFA_CLAIMS = '{"access_token":{"capolids":{"essential":true,"values":["invented"]}}}';
export const OIDC = ['openid', 'profile', 'email', 'offline_access'];

// code: [error, HTTP status, text, what else the answer holds]
const CODES = {
  16000: ['interaction_required', 400, 'Either multiple user identities are available for the current request or selected account is not supported for the scenario.'],
  50011: ['invalid_request', 400, 'The redirect URI specified in the request does not match the redirect URIs configured for the application.'],
  50013: ['invalid_grant', 400, 'Assertion failed signature validation.'],
  50020: ['invalid_grant', 400, "User account '{user}' from identity provider '{home}' does not exist in tenant '{tenant}' and cannot access the application '{client}' in that tenant."],
  50034: ['invalid_grant', 400, "The user account '{user}' does not exist in the {tenant} directory."],
  50057: ['invalid_grant', 400, 'The user account is disabled.', { suberror: 'account_disabled' }],
  50076: ['invalid_grant', 400, "Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access '{client}'.", { suberror: 'basic_action', claims: MFA_CLAIMS }],
  50173: ['invalid_grant', 400, 'The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or reset their password.', { suberror: 'bad_token' }],
  54005: ['invalid_grant', 400, 'OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.'],
  65001: ['invalid_grant', 400, "The user or administrator has not consented to use the application with ID '{client}'. Send an interactive authorization request for this user and resource.", { suberror: 'consent_required' }],
  65004: ['access_denied', 400, 'User declined to consent to access the app.'],
  70000: ['invalid_grant', 400, 'Provided grant is invalid or malformed.'],
  70008: ['invalid_grant', 400, 'The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.'],
  70011: ['invalid_scope', 400, 'The provided request must include a valid scope input parameter.'],
  70016: ['authorization_pending', 400, 'OAuth 2.0 device flow error. Authorization is pending. Continue polling.'],
  70018: ['authorization_declined', 400, 'Invalid verification code: the user declined to sign in.'],
  70020: ['expired_token', 400, "The provided value for the input parameter 'device_code' is not valid. This device code has expired."],
  70043: ['invalid_grant', 400, 'The refresh token has expired or is invalid due to sign-in frequency checks by conditional access.', { suberror: 'token_expired' }],
  90002: ['invalid_tenant', 400, "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud."],
  90014: ['invalid_request', 400, 'The required field is missing from the request: {detail}'],
  90033: ['temporarily_unavailable', 503, 'A transient error has occurred. Please try again.'],
  500131: ['invalid_grant', 400, 'Assertion audience does not match the Client app presenting the assertion.'],
  500133: ['invalid_grant', 400, 'Assertion is not within its valid time range.'],
  501481: ['invalid_grant', 400, 'The Code_Verifier does not match the code_challenge supplied in the authorization request.'],
  700016: ['unauthorized_client', 400, "Application with identifier '{client}' was not found in the directory '{tenant}'."],
  700027: ['invalid_client', 401, 'Client assertion failed signature validation: the certificate is not registered with the application, or the signature is invalid.'],
  700082: ['invalid_grant', 400, 'The refresh token has expired due to inactivity.', { suberror: 'token_expired' }],
  1002012: ['invalid_scope', 400, "The provided value for scope {detail} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier."],
  7000114: ['invalid_grant', 400, "Application '{client}' is not allowed to make application on-behalf-of calls."],
  7000215: ['invalid_client', 401, "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{client}'."],
  7000218: ['invalid_client', 401, "The request body must contain the following parameter: 'client_assertion' or 'client_secret'."],
  7000222: ['invalid_client', 401, "The provided client secret keys for app '{client}' are expired."],
};

export class EntraError extends errors.OIDCProviderError {
  constructor(code, words = {}, extra = {}) {
    const [error, status] = CODES[code];
    super(status, error, `AADSTS${code}`);
    Object.assign(this, { code, words, extra, expose: true, error_description: `AADSTS${code}` });
  }
}

export function answer(code, words = {}, extra = {}) {
  const [error, status, text, more] = CODES[code];
  const stamp = `${new Date().toISOString().slice(0, 19).replace('T', ' ')}Z`;
  const trace = randomUUID();
  const filled = text.replace(/\{(\w+)\}/g, (_, name) => words[name] ?? '');
  return {
    status,
    body: {
      error,
      error_description: `AADSTS${code}: ${filled} Trace ID: ${trace} Correlation ID: ${trace} Timestamp: ${stamp}`,
      error_codes: [code],
      timestamp: stamp,
      trace_id: trace,
      correlation_id: trace,
      error_uri: `https://login.microsoftonline.com/error?code=${code}`,
      ...more,
      ...extra,
    },
  };
}

// Which code Entra would give for what oidc-provider refused; undefined keeps the provider's.
export function codeOf(err, grantType, params = {}) {
  const text = `${err.error_detail ?? ''} ${err.error_description ?? ''}`;
  const has = (...words) => words.some((word) => text.includes(word));
  switch (err.error) {
    case 'authorization_pending': return 70016;
    case 'access_denied': return grantType?.endsWith('device_code') ? 70018 : 65004;
    case 'expired_token': return 70020;
    case 'invalid_redirect_uri': return 50011;
    case 'invalid_scope': return grantType === 'refresh_token' ? 65001 : 70011;
    case 'invalid_target': return 65001;
    case 'invalid_client':
      if (has('client not found', 'client is invalid')) return 700016;
      if (has('invalid secret')) return 7000215;
      return params.client_assertion ? 700027 : 7000218;
    case 'invalid_grant':
      if (has('code already consumed')) return 54005;
      if (has('PKCE', 'code_verifier')) return 501481;
      if (has('authorization code is expired')) return 70008;
      if (has('refresh token is expired')) return 700082;
      if (has('grant not found')) return 65001;
      if (has('account not found')) return 50034;
      return 70000;
    case 'invalid_request': return has('missing required parameter') ? 90014 : undefined;
    default: return undefined;
  }
}

// 'https://outlook.office.com/IMAP.AccessAsUser.All' belongs to 'https://outlook.office.com';
// a bare name such as 'Mail.Read' belongs to Graph.
export function resourceOf(scope) {
  if (OIDC.includes(scope)) return undefined;
  return scope.includes('://') ? scope.slice(0, scope.lastIndexOf('/')) : GRAPH;
}

// Scopes by resource, in the order of the request.
export function byResource(scopes) {
  const found = {};
  for (const scope of scopes) {
    const resource = resourceOf(scope);
    if (resource) (found[resource] ??= []).push(scope);
  }
  return found;
}

export const shortName = (scope) => scope.slice(scope.lastIndexOf('/') + 1);
export const split = (text) => (text ?? '').split(' ').filter(Boolean);
