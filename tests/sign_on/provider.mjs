// A certified OpenID provider with four people who sign in by a name, for the tests: node provider.mjs PORT PLATFORM
import { Provider } from "oidc-provider";

const [port, platform] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const people = {
  jumin: { name: "演示居民", identity_number: "21070319910917028X", phone_number: "13904160002" },
  newcomer: { name: "演示新人", identity_number: "210702199003070014", phone_number: "13904160009" },
  liar: { name: "别的名字", identity_number: "21070319910917028X" },
  nameless: {},
};

const provider = new Provider(issuer, {
  clients: [{
    client_id: "yizhantong", client_secret: "a secret of this test only, long enough for it",
    redirect_uris: [`${platform}/accounts/sign-on/callback/`], post_logout_redirect_uris: [`${platform}/`],
  }],
  claims: { openid: ["sub"], profile: ["name"], phone: ["phone_number"], identity: ["identity_number"] },
  scopes: ["openid", "profile", "phone", "identity"],
  features: { devInteractions: { enabled: true }, rpInitiatedLogout: { enabled: true } },
  pkce: { required: () => true },
  cookies: { keys: ["a key of this test only"] },
  findAccount: async (_context, id) => ({ accountId: id, claims: async () => ({ sub: id, ...people[id] }) }),
});
provider.listen(Number(port), "127.0.0.1");
