//! The rules of the configuration, each with the variables that show it.

use std::{io, path::Path};

use secrecy::ExposeSecret;

use super::*;

const KEY: &str = "0123456789abcdefghijklmnopqrstuvwxyz-key";

fn no_files(_: &std::path::Path) -> io::Result<String> {
    Err(io::ErrorKind::NotFound.into())
}

fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn read(pairs: &[(&str, &str)]) -> Result<Configuration, Problems> {
    Configuration::from_variables(&map(pairs), &no_files, 4)
}

fn problems(pairs: &[(&str, &str)]) -> Vec<Problem> {
    read(pairs).expect_err("it was accepted").0
}

#[test]
fn nothing_set_is_a_working_embedded_configuration() {
    let configuration = read(&[]).unwrap();
    assert_eq!(configuration.environment, Environment::Development);
    assert_eq!(configuration.bind_addr.to_string(), "127.0.0.1:5000");
    assert_eq!(configuration.public_url.origin(), "http://127.0.0.1:5000");
    assert!(matches!(&configuration.database, DatabaseLocation::Sqlite { file } if file.ends_with(EMBEDDED_FILE)));
    assert!(configuration.jwt_secret.is_none());
    assert_eq!(configuration.access_token_lifetime, Duration::from_hours(1));
    assert_eq!(configuration.upload_max_bytes, 500_000_000);
    assert_eq!((configuration.workers, configuration.log_level), (4, LogLevel::Info));
    assert!(configuration.notices.is_empty(), "{:?}", configuration.notices);
}

#[test]
fn an_empty_variable_counts_as_not_set() {
    let configuration = read(&[("DATABASE_URL", ""), ("PUBLIC_URL", ""), ("WORKERS", "")]).unwrap();
    assert_eq!(configuration.workers, 4);
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let found = problems(&[
        ("WORKERS", "many"),
        ("BIND_ADDR", "here"),
        ("LOG_LEVEL", "loud"),
        ("TRUSTED_PROXIES", "10.0.0.0/99"),
        ("UPLOAD_MAX_BYTES", "0"),
        ("JWT_ACCESS_TOKEN_EXPIRES", "5"),
        ("CORS_ORIGINS", "*"),
        ("PUBLIC_URL", "books.example.org/path"),
    ]);
    assert_eq!(found.len(), 8, "{found:?}");
    let text = Problems(found).to_string();
    for name in ["WORKERS", "BIND_ADDR", "LOG_LEVEL", "TRUSTED_PROXIES", "UPLOAD_MAX_BYTES", "PUBLIC_URL"] {
        assert!(text.contains(name), "{text}");
    }
}

#[test]
fn a_value_may_stand_in_a_file_but_not_in_both_places() {
    let file = |path: &std::path::Path| {
        assert_eq!(path, std::path::Path::new("/run/secrets/key"));
        Ok(format!("{KEY}\n"))
    };
    let variables = map(&[("JWT_SECRET_KEY_FILE", "/run/secrets/key")]);
    let configuration = Configuration::from_variables(&variables, &file, 1).unwrap();
    assert_eq!(configuration.jwt_secret.unwrap().expose_secret(), KEY);

    let found = problems(&[("JWT_SECRET_KEY", KEY), ("JWT_SECRET_KEY_FILE", "/run/secrets/key")]);
    assert_eq!(found, [Problem::SetTwice { name: "JWT_SECRET_KEY" }]);
    let found = problems(&[("ADMIN_USERNAME_FILE", "/missing")]);
    assert!(matches!(found[0], Problem::FileUnreadable { name: "ADMIN_USERNAME", .. }), "{found:?}");
}

#[test]
fn half_an_administrator_is_refused_but_where_options_complete_it() {
    for (set, missing) in [("ADMIN_USERNAME", "ADMIN_PASSWORD"), ("ADMIN_PASSWORD", "ADMIN_USERNAME")] {
        let half = [(set, "quires-and-signatures")];
        assert!(matches!(problems(&half)[..], [Problem::Missing { name, .. }] if name == missing), "{set}");
        let file = |_: &Path| Ok(String::new());
        let completed = Configuration::beside_options(&map(&half), &file, 1).unwrap().administrator;
        assert_eq!(completed.username.is_some(), set == "ADMIN_USERNAME");
        assert_eq!(completed.password.is_some(), set == "ADMIN_PASSWORD");
    }
}

#[test]
fn an_empty_file_is_no_value_and_hides_no_weak_one() {
    let file = |_: &Path| Ok("\n".to_owned());
    let mut variables = map(&[
        ("APP_ENV", "production"),
        ("PUBLIC_URL", "https://books.example.org"),
        ("JWT_SECRET_KEY", KEY),
        ("DATABASE_URL_FILE", "/run/secrets/database_url"),
        ("DB_NAME", "books"),
        ("DB_USER", "app"),
        ("DB_PASSWORD", "changeme"),
    ]);
    let Err(Problems(found)) = Configuration::from_variables(&variables, &file, 1) else { panic!("it was accepted") };
    assert_eq!(found, [Problem::ExampleSecret { name: "DB_PASSWORD" }]);
    variables.insert("DB_PASSWORD".to_owned(), "p@ss/w:rd?#".to_owned());
    let configuration = Configuration::from_variables(&variables, &file, 1).unwrap();
    let from = |name| configuration.told.iter().find(|told| told.name == name).unwrap().from;
    assert_eq!((from("DATABASE_URL"), from("DB_NAME")), (ToldFrom::Default, ToldFrom::Environment));
}

#[test]
fn every_variable_can_be_given_as_a_file() {
    for variable in VARIABLES {
        let name = format!("{}_FILE", variable.name);
        let mut variables = map(&[(&name, "/missing")]);
        // Some are read beside others only.
        for (name, value) in [("DB_NAME", "books"), ("BLOB_URL", "s3://books")] {
            if variable.name != name {
                variables.insert(name.to_owned(), value.to_owned());
            }
        }
        let outcome = Configuration::from_variables(&variables, &no_files, 1);
        let read = match outcome {
            Err(Problems(found)) => found
                .iter()
                .any(|problem| matches!(problem, Problem::FileUnreadable { name, .. } if *name == variable.name)),
            Ok(_) => false,
        };
        assert!(read, "{} is in the table and nobody reads it", variable.name);
    }
}

#[test]
fn the_older_name_of_the_environment_is_read_with_a_notice_and_may_not_contradict() {
    let old = [("FLASK_ENV", "production"), ("JWT_SECRET_KEY", KEY), ("PUBLIC_URL", "https://books.example.org")];
    let configuration = read(&old).unwrap();
    assert!(configuration.is_production());
    assert_eq!(configuration.notices, [Notice::OldName { old: "FLASK_ENV", new: "APP_ENV" }]);
    let found = problems(&[("FLASK_ENV", "development"), ("APP_ENV", "production")]);
    assert!(found.contains(&Problem::Contradiction { first: "APP_ENV", second: "FLASK_ENV" }), "{found:?}");
}

#[test]
fn production_asks_for_a_key_and_a_public_address() {
    let found = problems(&[("APP_ENV", "production")]);
    let missing: Vec<_> =
        found.iter().map(|problem| if let Problem::Missing { name, .. } = problem { *name } else { "?" }).collect();
    assert_eq!(missing, ["PUBLIC_URL", "JWT_SECRET_KEY"]);
}

#[test]
fn example_and_short_secrets_are_refused_in_production_and_noticed_in_development() {
    let example = "changeme_very_secure_secret_key_min_32_chars";
    let production = [("APP_ENV", "production"), ("PUBLIC_URL", "https://books.example.org")];
    let with = |name, value| problems(&[&production[..], &[("JWT_SECRET_KEY", KEY)], &[(name, value)]].concat());
    let found = problems(&[&production[..], &[("JWT_SECRET_KEY", example)]].concat());
    assert_eq!(found, [Problem::ExampleSecret { name: "JWT_SECRET_KEY" }]);
    let found = problems(&[&production[..], &[("JWT_SECRET_KEY", "short")]].concat());
    assert_eq!(found, [Problem::ShortSecret { name: "JWT_SECRET_KEY", length: 5, minimum: SHORTEST_KEY }]);
    for (name, value) in [
        ("DATABASE_URL", "mysql://u:changeme_x@h/d"),
        ("REDIS_URL", "redis://:changeme@redis:6379/0"),
        ("REDIS_URL", "rediss-cluster://app:changeme@one:7000?node=two:7001"),
        ("REDIS_URL", "redis-sentinel://one:26379?sentinelServiceName=main&sentinelPassword=changeme"),
        ("SMTP_URL", "smtps://books:changeme@mail.example.org"),
    ] {
        assert!(with(name, value).contains(&Problem::ExampleSecret { name }), "{value}: {:?}", with(name, value));
    }
    let primary = [("DATABASE_URL", "mysql://u:kept-elsewhere@h/d"), ("JWT_SECRET_KEY", KEY)];
    let replica = [("DATABASE_REPLICA_URL", "mysql://u:changeme@r/d")];
    let found = problems(&[&production[..], &primary, &replica].concat());
    assert_eq!(found, [Problem::ExampleSecret { name: "DATABASE_REPLICA_URL" }]);
    // A Redis that lets in whoever reaches it, and passwords that are somebody's.
    for url in ["redis://redis:6379/0", "redis://:one-of-ours@redis", "redis-sentinel://a:1?sentinelServiceName=m"] {
        let accepted = read(&[&production[..], &[("JWT_SECRET_KEY", KEY), ("REDIS_URL", url)]].concat());
        assert!(accepted.unwrap().redis.is_some(), "{url}");
    }
    let found = problems(
        &[&production[..], &[("JWT_SECRET_KEY", KEY), ("ADMIN_USERNAME", "a"), ("ADMIN_PASSWORD", "changeme")]]
            .concat(),
    );
    assert_eq!(found, [Problem::ExampleSecret { name: "ADMIN_PASSWORD" }]);

    let configuration = read(&[("JWT_SECRET_KEY", example)]).unwrap();
    assert!(matches!(configuration.notices[..], [Notice::WeakSecret { name: "JWT_SECRET_KEY", .. }]));
}

/// Whoever applies the example of the cluster's secrets as it is gets a start that is refused for each of them.
#[test]
fn the_example_of_the_clusters_secrets_is_refused_in_production() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../k8s/base/secret.example.yaml");
    let example = std::fs::read_to_string(path).unwrap();
    let mut pairs = map(&[("APP_ENV", "production"), ("PUBLIC_URL", "https://books.example.org")]);
    let mut secrets = Vec::new();
    for (key, value) in example.lines().filter_map(|line| line.strip_prefix("  ")?.split_once(": ")) {
        let name = match key {
            "name" => continue,
            "url" => "DATABASE_URL".to_owned(),
            "replica-url" => "DATABASE_REPLICA_URL".to_owned(),
            _ => key.to_ascii_uppercase().replace('-', "_"),
        };
        // An account is a name, and no secret.
        if value.contains("changeme") && !name.ends_with("ACCESS_KEY") {
            secrets.push(name.clone());
        }
        pairs.insert(name, value.to_owned());
    }
    assert!(secrets.len() >= 7, "{secrets:?}");
    let Err(Problems(found)) = Configuration::from_variables(&pairs, &no_files, 4) else { panic!("it was accepted") };
    for secret in secrets {
        let is_refused =
            found.iter().any(|problem| matches!(problem, Problem::ExampleSecret { name } if *name == secret));
        assert!(is_refused, "{secret} is accepted: {found:?}");
    }
}

#[test]
fn the_parts_of_a_database_make_a_location_and_each_is_required() {
    let parts = [("DB_NAME", "books"), ("DB_USER", "app"), ("DB_PASSWORD", "p@ss/w:rd?#"), ("JWT_SECRET_KEY", KEY)];
    let configuration = read(&parts).unwrap();
    let shown = format!("{:?}", configuration.database);
    assert!(shown.contains("mysql") && shown.contains("3306") && shown.contains("books"), "{shown}");
    let found = problems(&[("DB_NAME", "books"), ("JWT_SECRET_KEY", KEY)]);
    let because = "when DB_NAME is set";
    assert_eq!(
        found,
        [Problem::Missing { name: "DB_USER", because }, Problem::Missing { name: "DB_PASSWORD", because }]
    );
}

#[test]
fn with_mysql_the_key_is_required() {
    let found = problems(&[("DATABASE_URL", "mysql://app:secret@db/books")]);
    assert!(matches!(found[..], [Problem::Missing { name: "JWT_SECRET_KEY", .. }]), "{found:?}");
}

#[test]
fn a_url_wins_over_the_parts() {
    let configuration = read(&[("DATABASE_URL", "sqlite:///srv/x.db"), ("DB_NAME", "books")]).unwrap();
    assert!(matches!(configuration.database, DatabaseLocation::Sqlite { file } if file.ends_with("x.db")));
}

#[test]
fn traces_go_to_a_collector_that_is_an_address() {
    let name = "OTEL_EXPORTER_OTLP_ENDPOINT";
    let configuration = read(&[(name, "http://collector:4318")]).unwrap();
    assert_eq!(configuration.traces_endpoint.unwrap().as_str(), "http://collector:4318/");
    assert!(read(&[]).unwrap().traces_endpoint.is_none());
    for bad in ["collector:4318", "ftp://collector", "collector"] {
        assert!(matches!(problems(&[(name, bad)])[..], [Problem::Invalid { .. }]), "{bad}");
    }
}

#[test]
fn redis_has_one_password() {
    assert!(read(&[]).unwrap().redis.is_none());
    let with_password = read(&[("REDIS_URL", "redis://redis:6379/0"), ("REDIS_PASSWORD", "one")]).unwrap();
    assert!(with_password.redis.unwrap().has_password());
    let twice = problems(&[("REDIS_URL", "redis://:one@redis:6379/0"), ("REDIS_PASSWORD", "other")]);
    assert!(matches!(twice[..], [Problem::Contradiction { first: "REDIS_PASSWORD", .. }]), "{twice:?}");
    let alone = problems(&[("REDIS_PASSWORD", "one")]);
    assert!(matches!(alone[..], [Problem::Missing { name: "REDIS_URL", .. }]), "{alone:?}");
    let wrong = problems(&[("REDIS_URL", "http://redis")]);
    assert!(matches!(wrong[..], [Problem::Invalid { name: "REDIS_URL", .. }]), "{wrong:?}");
}

#[test]
fn an_authority_of_the_database_is_checked_or_refused() {
    for parameters in ["?sslCA=/ca.pem", "?ssl-ca=/ca.pem&ssl-mode=PREFERRED"] {
        let url = format!("mysql://u:p@db/books{parameters}");
        let found = problems(&[("DATABASE_URL", &url), ("JWT_SECRET_KEY", KEY)]);
        let [Problem::Invalid { name: "DATABASE_URL", expected }] = found[..] else { panic!("{found:?}") };
        assert!(expected.contains("ssl-mode"), "{expected}");
        let primary = "mysql://u:p@db/books?ssl-ca=/ca.pem";
        let found = problems(&[("DATABASE_URL", primary), ("DATABASE_REPLICA_URL", &url), ("JWT_SECRET_KEY", KEY)]);
        assert!(matches!(found[..], [Problem::Invalid { name: "DATABASE_REPLICA_URL", .. }]), "{found:?}");
    }
}

#[test]
fn an_authority_of_redis_is_a_certificate_and_belongs_to_tls() {
    let certificate = "-----BEGIN CERTIFICATE-----";
    let alone = problems(&[("REDIS_CA", certificate)]);
    assert!(matches!(alone[..], [Problem::Missing { name: "REDIS_URL", .. }]), "{alone:?}");
    let plain = problems(&[("REDIS_URL", "redis://redis"), ("REDIS_CA", certificate)]);
    assert!(matches!(plain[..], [Problem::Contradiction { first: "REDIS_CA", .. }]), "{plain:?}");
    // A path where the certificate should stand.
    let path = problems(&[("REDIS_URL", "rediss://redis"), ("REDIS_CA", "/etc/redis/ca.pem")]);
    assert!(matches!(path[..], [Problem::Invalid { name: "REDIS_CA", .. }]), "{path:?}");
}

#[test]
fn blobs_are_in_a_folder_or_in_a_bucket_with_its_keys() {
    let folder = |pairs: &[(&str, &str)]| match read(pairs).unwrap().blobs {
        BlobLocation::Folder(path) => path,
        other @ BlobLocation::S3(_) => panic!("{other:?}"),
    };
    assert_eq!(folder(&[("DATA_DIR", "/srv/books")]), Path::new("/srv/books/blobs"));
    assert_eq!(folder(&[("BLOB_URL", "file:///mnt/all%20books")]), Path::new("/mnt/all books"));
    let keys = [("BLOB_ACCESS_KEY", "account"), ("BLOB_SECRET_KEY", "hidden"), ("BLOB_ENDPOINT", "http://s3:9000/")];
    let location = read(&[&[("BLOB_URL", "s3://books/of/ours/")][..], &keys].concat()).unwrap().blobs;
    let BlobLocation::S3(location) = location else { panic!("{location:?}") };
    assert_eq!((location.bucket.as_str(), location.prefix.as_str()), ("books", "of/ours"));
    assert_eq!((location.endpoint.as_deref(), location.region.as_str()), (Some("http://s3:9000"), "us-east-1"));
    let missing = problems(&[("BLOB_URL", "s3://books")]);
    assert_eq!(missing.len(), 2, "{missing:?}");
    for url in ["books", "https://books", "s3://", "file://host/folder"] {
        let found = problems(&[&[("BLOB_URL", url)][..], &keys].concat());
        assert!(
            found.contains(&Problem::Invalid { name: "BLOB_URL", expected: super::blobs::EXPECTED }),
            "{url}: {found:?}"
        );
    }
}

#[test]
fn a_replica_belongs_to_a_mysql_primary() {
    let key = ("JWT_SECRET_KEY", "a-key-of-more-than-thirty-two-characters");
    let pair = [("DATABASE_URL", "mysql://app:a@one/books"), ("DATABASE_REPLICA_URL", "mysql://app:a@two/books"), key];
    let location = read(&pair).unwrap().database;
    assert!(matches!(location, DatabaseLocation::MySql { replica: Some(_), .. }), "{location:?}");
    let alone = problems(&[("DATABASE_REPLICA_URL", "mysql://app:a@two/books")]);
    assert!(matches!(alone[..], [Problem::Invalid { name: "DATABASE_REPLICA_URL", .. }]), "{alone:?}");
}

#[test]
fn no_secret_is_in_what_debug_shows() {
    let configuration = read(&[
        ("JWT_SECRET_KEY", "hidden-hidden-hidden-hidden-hidden-1"),
        ("JWT_SECRET_KEY_PREVIOUS", "hidden-hidden-hidden-hidden-hidden-2"),
        ("DATABASE_URL", "mysql://app:hidden-3@db/books"),
        ("ADMIN_USERNAME", "admin"),
        ("ADMIN_PASSWORD", "hidden-4-hidden"),
        ("DATABASE_REPLICA_URL", "mysql://app:hidden-5@db/books"),
        ("REDIS_URL", "redis://:hidden-6@redis"),
        ("BLOB_URL", "s3://books"),
        ("BLOB_ACCESS_KEY", "hidden-7"),
        ("BLOB_SECRET_KEY", "hidden-8"),
    ])
    .unwrap();
    let shown = format!("{configuration:?}");
    assert!(!shown.contains("hidden"), "{shown}");
}

#[test]
fn the_public_address_is_an_origin() {
    assert_eq!(PublicUrl::parse("https://Books.Example.org:443/").unwrap().origin(), "https://books.example.org");
    for text in ["ftp://x", "https://x/path", "https://u:p@x", "https://x?q", "x.example.org", "", "https://"] {
        assert!(PublicUrl::parse(text).is_none(), "{text}");
    }
    assert_eq!(PublicUrl::of_listener("0.0.0.0:5000".parse().unwrap()).origin(), "http://127.0.0.1:5000");
}

#[test]
fn a_generated_key_is_kept_and_nobody_else_can_read_it() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let first = generated_key(folder.path(), "jwt-secret-key", |bytes| bytes.fill(7)).unwrap();
    let second = generated_key(folder.path(), "jwt-secret-key", |bytes| bytes.fill(9)).unwrap();
    assert_eq!(first.expose_secret(), second.expose_secret());
    assert_eq!(first.expose_secret(), "07".repeat(32));
    let secrets = folder.path().join("secrets");
    let entries: Vec<_> = std::fs::read_dir(&secrets).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(entries, ["jwt-secret-key"]);
    let mode = std::fs::metadata(secrets.join("jwt-secret-key")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_damaged_generated_key_is_refused_and_not_replaced() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("secrets")).unwrap();
    std::fs::write(folder.path().join("secrets/jwt-secret-key"), "abc").unwrap();
    let outcome = generated_key(folder.path(), "jwt-secret-key", |bytes| bytes.fill(7));
    assert!(matches!(outcome, Err(GeneratedSecretError::Damaged { .. })), "{outcome:?}");
    assert_eq!(std::fs::read_to_string(folder.path().join("secrets/jwt-secret-key")).unwrap(), "abc");
}

#[test]
fn the_documentation_is_what_the_table_says() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/reference/configuration.md");
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        written == reference::page(),
        "run `ebook-scene-packer doctor --reference > docs/reference/configuration.md`"
    );
}

#[test]
fn a_mail_server_is_named_whole_or_not_at_all() {
    let from = ("SMTP_FROM", "Our Press <books@example.org>");
    for good in ["smtps://ada:p%40ss@mail.example.org", "smtp://mail.example.org?tls=required", "smtp://localhost:2525"]
    {
        let configuration = read(&[("SMTP_URL", good), from]).unwrap();
        assert_eq!(configuration.mail.unwrap().from.email.to_string(), "books@example.org", "{good}");
        assert!(configuration.notices.is_empty(), "{good}: {:?}", configuration.notices);
    }
    for plain in ["smtp://mail.example.org", "smtp://mail.example.org?tls=opportunistic"] {
        assert_eq!(read(&[("SMTP_URL", plain), from]).unwrap().notices, [Notice::MailNotEncrypted], "{plain}");
    }
    // With a password in the clear no house in production starts; without one, or on the machine itself, it does.
    for (url, is_refused) in [
        ("smtp://ada:a-password@mail.example.org", true),
        ("smtp://ada:a-password@mail.example.org?tls=opportunistic", true),
        ("smtp://ada:a-password@mail.example.org?tls=required", false),
        ("smtps://ada:a-password@mail.example.org", false),
        ("smtp://ada:a-password@127.0.0.1:2525", false),
        ("smtp://mail.example.org", false),
    ] {
        let found = problems(&[("SMTP_URL", url), from, ("APP_ENV", "production")]);
        let of_mail = |problem: &&Problem| matches!(problem, Problem::Invalid { name: "SMTP_URL", .. });
        assert_eq!(found.iter().find(of_mail).is_some(), is_refused, "{url}: {found:?}");
    }
    for bad in ["mail.example.org", "http://mail.example.org", "smtp://mail.example.org?tls=perhaps"] {
        assert!(
            matches!(problems(&[("SMTP_URL", bad), from])[..], [Problem::Invalid { name: "SMTP_URL", .. }]),
            "{bad}"
        );
    }
    let url = ("SMTP_URL", "smtps://mail.example.org");
    assert!(matches!(problems(&[url])[..], [Problem::Missing { name: "SMTP_FROM", .. }]));
    assert!(matches!(problems(&[from])[..], [Problem::Missing { name: "SMTP_URL", .. }]));
    assert!(matches!(problems(&[url, ("SMTP_FROM", "nobody")])[..], [Problem::Invalid { name: "SMTP_FROM", .. }]));
    let configuration = read(&[("SMTP_URL", "smtps://ada:a-mail-password@mail.example.org"), from]).unwrap();
    assert!(!format!("{configuration:?}").contains("a-mail-password"));
}
