//! Logins to NATS that are signed: nkeys, and JWTs in a file of credentials.

use crate::replica::{SHORT, down, flush, next, options, over, refusal};
use autumn_ws::engine::Nats;
use data_encoding::BASE64URL_NOPAD;
use nkeys::KeyPair;
use serde_json::{Value, json};
use test_kit::EngineServer;

/// The operator and account that sign a server's JWTs.
struct Operator {
    operator: KeyPair,
    account: KeyPair,
}

impl Operator {
    fn new() -> Self {
        Self {
            operator: KeyPair::new_operator(),
            account: KeyPair::new_account(),
        }
    }

    /// A server that admits holders of a JWT of the account.
    fn server(&self) -> EngineServer {
        let system = KeyPair::new_account();
        let operator = jwt(
            &self.operator,
            &self.operator,
            &json!({ "type": "operator" }),
            0,
        );
        let unlimited = json!({
            "mem_storage": -1, "disk_storage": -1, "streams": -1, "consumer": -1,
            "subs": -1, "data": -1, "payload": -1, "imports": -1, "exports": -1, "conn": -1,
            "leaf": -1, "wildcards": true,
        });
        let account = json!({ "type": "account", "limits": unlimited });
        let system_account = jwt(&self.operator, &system, &json!({ "type": "account" }), 0);
        EngineServer::configured(&format!(
            "jetstream {{}}, operator: {operator}, resolver: MEMORY, system_account: {}
             resolver_preload: {{ {}: {}, {}: {system_account} }}",
            system.public_key(),
            self.account.public_key(),
            jwt(&self.operator, &self.account, &account, 0),
            system.public_key(),
        ))
    }

    /// A credentials file that expires.
    fn credentials(&self, expires: u64) -> String {
        let user = KeyPair::new_user();
        let nats = json!({ "type": "user", "subs": -1, "data": -1, "payload": -1 });
        let jwt = jwt(&self.account, &user, &nats, expires);
        let seed = user.seed().unwrap();
        format!(
            "-----BEGIN NATS USER JWT-----\n{jwt}\n------END NATS USER JWT------\n\n\
             -----BEGIN USER NKEY SEED-----\n{seed}\n------END USER NKEY SEED------\n"
        )
    }
}

/// A signed statement of one key about another.
fn jwt(issuer: &KeyPair, subject: &KeyPair, nats: &Value, expires: u64) -> String {
    let mut nats = nats.clone();
    nats["version"] = 2.into();
    let mut claims = json!({
        "jti": subject.public_key(),
        "iat": 1,
        "iss": issuer.public_key(),
        "sub": subject.public_key(),
        "nats": nats,
    });
    if expires > 0 {
        claims["exp"] = expires.into();
    }
    let header = json!({ "typ": "JWT", "alg": "ed25519-nkey" });
    let [header, claims] =
        [header, claims].map(|part| BASE64URL_NOPAD.encode(part.to_string().as_bytes()));
    let content = format!("{header}.{claims}");
    let signature = BASE64URL_NOPAD.encode(&issuer.sign(content.as_bytes()).unwrap());
    format!("{content}.{signature}")
}

fn url(server: &EngineServer, query: &str) -> String {
    format!("nats://127.0.0.1:{}{query}", server.port())
}

async fn works(engine: Nats) {
    let channels = over(engine, options()).await.unwrap();
    let mut lobby = channels.subscribe("lobby");
    channels.publish("lobby", "hello");
    assert_eq!(next(&mut lobby, 1).await, ["hello"]);
}

#[tokio::test]
async fn credentials_in_a_file() {
    let operator = Operator::new();
    let server = operator.server();
    let file = server.file("app.creds", &operator.credentials(0));
    let query = format!("?creds={}", file.display());
    works(Nats::open(&url(&server, &query)).unwrap()).await;
    works(
        Nats::open(&url(&server, ""))
            .unwrap()
            .credentials_file(file),
    )
    .await;
}

#[tokio::test]
async fn wrong_credentials_are_refused() {
    let operator = Operator::new();
    let server = operator.server();
    for (content, why) in [
        (operator.credentials(2), "authorization violation"),
        (Operator::new().credentials(0), "authorization violation"),
        ("nothing".into(), "no JWT"),
    ] {
        let file = server.file("app.creds", &content);
        let engine = Nats::open(&url(&server, ""))
            .unwrap()
            .credentials_file(file);
        let text = refusal(engine).await;
        assert!(text.contains(why), "{text}");
    }
    let missing = Nats::open(&url(&server, "?creds=/nowhere.creds")).unwrap();
    let text = refusal(missing).await;
    assert!(text.contains("/nowhere.creds"), "{text}");
}

/// The file is read for each connection.
#[tokio::test]
async fn credentials_are_replaced() {
    let operator = Operator::new();
    let mut server = operator.server();
    let file = server.file("app.creds", &operator.credentials(0));
    let engine = Nats::open(&url(&server, ""))
        .unwrap()
        .credentials_file(&file);
    let channels = over(engine, options()).await.unwrap();
    server.kill();
    down(&channels).await;
    server.file("app.creds", "nothing");
    server.run();
    assert!(!channels.flush(SHORT).await);
    server.file("app.creds", &operator.credentials(0));
    flush(&channels).await;
}

#[tokio::test]
async fn an_nkey_in_a_file() {
    let [user, other] = [KeyPair::new_user(), KeyPair::new_user()];
    let server = EngineServer::configured(&format!(
        "jetstream {{}}, authorization {{ users: [{{ nkey: {} }}] }}",
        user.public_key()
    ));
    let file = server.file("app.nk", &user.seed().unwrap());
    let query = format!("?nkey={}", file.display());
    works(Nats::open(&url(&server, &query)).unwrap()).await;
    works(Nats::open(&url(&server, "")).unwrap().nkey_file(file)).await;
    let file = server.file("other.nk", &other.seed().unwrap());
    let text = refusal(Nats::open(&url(&server, "")).unwrap().nkey_file(file)).await;
    assert!(text.contains("authorization violation"), "{text}");
}
