//! What a [`Ledger`] says, compared with what is there: all that was acknowledged, and of what was refused nothing, or the
//! whole, once.

use std::collections::BTreeMap;

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{
    client::{Answer, Client},
    cluster::{Cluster, until},
    ledger::{BEGINNING, Ledger, Sent, archive},
    sweep::sweep,
    tables::Tables,
};

/// Nodes that are asked, by somebody who sees everything.
struct Nodes<'a> {
    client: &'a Client,
    ports: &'a [u16],
    tables: Tables,
}

impl Ledger {
    /// Asks every node for everything that was acknowledged, and looks what has come of everything that was refused.
    #[expect(clippy::print_stdout, reason = "the count tells whether that path was taken at all")]
    pub(crate) async fn compare(&self, cluster: &Cluster, client: &Client, ports: &[u16]) {
        let signed_in = self.sessions.values().flatten().count();
        assert!(self.packages() > 1 && signed_in > 0, "too little was done to say anything");
        sweep(cluster).await;
        let mut nodes = Nodes { client, ports, tables: Tables::of(cluster).await };
        let mut there = nodes.tables.releases_of_files(BEGINNING).await;
        let mut refused_and_there = 0;
        for (name, sent) in &self.books {
            let releases = there.remove(name).unwrap_or_default();
            match (&sent.release, releases.as_slice()) {
                (None, []) => continue,
                (Some(told), [release]) => assert_eq!(told, release, "{name} is another release"),
                (None, [_]) => refused_and_there += 1,
                (told, found) => panic!("{name} was told to be {told:?} and is {found:?}"),
            }
            nodes.reckon(sent, &releases[0], &self.edit).await;
        }
        assert!(there.is_empty(), "nobody sent this: {there:?}");
        self.reckon_sessions(&mut nodes).await;
        println!("uploads that were refused and have become a whole release: {refused_and_there}");
    }

    /// A session that was acknowledged is one at every node; of a sign-in that was refused there is at most one.
    async fn reckon_sessions(&self, nodes: &mut Nodes<'_>) {
        let question = format!("SELECT user_agent, id FROM sessions WHERE user_agent LIKE '{BEGINNING}%'");
        let mut there: BTreeMap<_, _> = nodes.tables.lists(&question).await;
        for (program, session) in &self.sessions {
            let found = there.remove(program).unwrap_or_default().len();
            assert!(found == 1 || (found == 0 && session.is_none()), "{program} is in {found} times");
            for port in nodes.ports {
                if let Some(session) = session {
                    ask(session, *port, ("GET", "/api/v1/jobs", &Value::Null)).await.expect(200);
                }
            }
        }
        assert!(there.is_empty(), "nobody signed in so: {there:?}");
    }
}

impl Nodes<'_> {
    async fn ask(&self, method: &str, path: &str, body: &Value) -> Answer {
        ask(self.client, self.ports[0], (method, path, body)).await
    }

    /// How many jobs have packed a release, and how many packages it has.
    async fn packed(&mut self, release: &str) -> (i64, i64) {
        let jobs = format!("SELECT COUNT(*) FROM jobs WHERE kind = 'pack' AND release_id = '{release}'");
        let packages = format!("SELECT COUNT(*) FROM packages WHERE release_id = '{release}'");
        (self.tables.number(&jobs).await, self.tables.number(&packages).await)
    }

    /// A release is as far as somebody was told, or as they asked: then it goes on from there, as whoever was refused asks
    /// again. At its end there is one package of it, which every node gives alike, and its book is in it.
    async fn reckon(&mut self, sent: &Sent, release: &str, edit: &Value) {
        let path = format!("/api/v1/releases/{release}");
        let mut shown = self.settled(release, sent.is_packed).await;
        if shown["status"] == "draft" {
            let [group, rights] = ["group", "rights"].map(|part| !shown[part].is_null());
            assert!(group == rights && (group || !sent.is_edited), "not all that was said is there: {shown}");
            assert!(shown["name"].is_null(), "it has the name of a package: {shown}");
            assert_eq!(self.packed(release).await, (0, 0), "it is packed, and a draft: {shown}");
            self.ask("PATCH", &path, edit).await.expect(200);
            self.ask("POST", &format!("{path}/pack"), &Value::Null).await.expect(202);
            shown = self.settled(release, true).await;
        }
        assert_eq!(self.packed(release).await, (1, 1), "it is not packed once: {shown}");
        let package = shown["packages"][0]["id"].as_str().unwrap();
        let mut first = sent.package.clone();
        for port in self.ports {
            let given = ask(self.client, *port, ("GET", &archive(package), &Value::Null)).await.expect(200).body;
            let sum = (package.to_owned(), Sha256::digest(&given).into());
            assert_eq!(first.get_or_insert_with(|| sum.clone()), &sum, "{release} has another package: {shown}");
            let is_in_it = given.windows(sent.bytes.len()).any(|window| window == sent.bytes);
            assert!(is_in_it, "the book is not in its package: {shown}");
        }
    }

    /// A release whose book is read and, when somebody was told so, packed. Whoever was not told may be lucky.
    async fn settled(&self, release: &str, is_packed: bool) -> Value {
        let mut last = Value::Null;
        let found = until(async || {
            last = self.ask("GET", &format!("/api/v1/releases/{release}"), &Value::Null).await.expect(200).json();
            (last["status"] == "packed" || (last["status"] == "draft" && !is_packed)).then(|| last.clone())
        })
        .await;
        found.unwrap_or_else(|| panic!("{release} does not get on: {last}"))
    }
}

async fn ask(client: &Client, port: u16, (method, path, body): (&str, &str, &Value)) -> Answer {
    client.try_json_patiently(port, method, path, body).await.unwrap()
}
