//! What a request to an object store must be signed with: Amazon's Signature Version 4, written down here once more. The
//! object store for tests asks nobody who they are, so this is who compares; and this itself is held to the answers that
//! Amazon publishes.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// A request as it came over the line.
#[derive(Debug, Clone, Default)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// As it was sent: every byte that is not plain is in percents.
    pub(crate) path: String,
    /// The same, without the question mark.
    pub(crate) query: String,
    /// Names in small letters.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    /// The value of a header; empty when there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim())
    }
}

/// Who signs.
pub(crate) struct Account<'a> {
    pub(crate) access_key: &'a str,
    pub(crate) secret_key: &'a str,
    pub(crate) region: &'a str,
}

impl Account<'_> {
    /// The header `Authorization` of this request when this account sends it and signs these headers, with semicolons
    /// between their names.
    pub(crate) fn authorization(&self, request: &Request, signed: &str) -> String {
        let instant = request.header("x-amz-date");
        let day = instant.get(..8).unwrap();
        let scope = format!("{day}/{}/s3/aws4_request", self.region);
        let headers: Vec<_> = signed.split(';').map(|name| format!("{name}:{}\n", request.header(name))).collect();
        let payload = request.header("x-amz-content-sha256");
        let canonical =
            [&request.method, &request.path, &canonical_query(&request.query), &headers.concat(), signed, payload]
                .join("\n");
        let text = format!("AWS4-HMAC-SHA256\n{instant}\n{scope}\n{}", sha256(canonical.as_bytes()));
        let first = format!("AWS4{}", self.secret_key).into_bytes();
        let words = [day, self.region, "s3", "aws4_request"];
        let key = words.iter().fold(first, |key, word| mac(&key, word).to_vec());
        let signature = packer::hash::Sha256(mac(&key, &text));
        let account = self.access_key;
        format!("AWS4-HMAC-SHA256 Credential={account}/{scope}, SignedHeaders={signed}, Signature={signature}")
    }
}

/// The parameters by name; one without a value has an empty one.
fn canonical_query(query: &str) -> String {
    let mut parameters: Vec<_> = query.split('&').filter(|parameter| !parameter.is_empty()).collect();
    parameters.sort_unstable();
    let written =
        |parameter: &str| if parameter.contains('=') { parameter.to_owned() } else { format!("{parameter}=") };
    parameters.into_iter().map(written).collect::<Vec<_>>().join("&")
}

fn mac(key: &[u8], text: &str) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().into()
}

/// As 64 small hexadecimal digits.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    packer::hash::Sha256(Sha256::digest(bytes).into()).to_string()
}

/// One of the examples that Amazon publishes.
struct Example {
    method: &'static str,
    path: &'static str,
    query: &'static str,
    /// Beside those that each has.
    headers: &'static [(&'static str, &'static str)],
    body: &'static [u8],
    signature: &'static str,
}

/// All that stand in "Signature Calculations for the Authorization Header" of the reference of S3.
const EXAMPLES: [Example; 4] = [
    Example {
        method: "GET",
        path: "/test.txt",
        query: "",
        headers: &[("range", "bytes=0-9")],
        body: b"",
        signature: "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
    },
    Example {
        method: "PUT",
        path: "/test%24file.text",
        query: "",
        headers: &[("date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY")],
        body: b"Welcome to Amazon S3.",
        signature: "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
    },
    Example {
        method: "GET",
        path: "/",
        query: "lifecycle",
        headers: &[],
        body: b"",
        signature: "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
    },
    Example {
        method: "GET",
        path: "/",
        query: "prefix=J&max-keys=2",
        headers: &[],
        body: b"",
        signature: "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
    },
];

#[test]
fn the_examples_that_amazon_publishes_come_out() {
    let account = Account {
        access_key: "AKIAIOSFODNN7EXAMPLE",
        secret_key: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        region: "us-east-1",
    };
    for Example { method, path, query, headers, body, signature } in EXAMPLES {
        let payload = sha256(body);
        let always = [
            ("host", "examplebucket.s3.amazonaws.com"),
            ("x-amz-content-sha256", payload.as_str()),
            ("x-amz-date", "20130524T000000Z"),
        ];
        let headers = always.iter().chain(headers).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let mut headers: Vec<_> = headers.collect();
        headers.sort_unstable();
        let signed = headers.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(";");
        let [method, path, query] = [method, path, query].map(str::to_owned);
        let request = Request { method, path, query, headers, body: body.to_vec() };
        let expected = format!(
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, \
             SignedHeaders={signed}, Signature={signature}"
        );
        assert_eq!(account.authorization(&request, &signed), expected, "{request:?}");
    }
}
