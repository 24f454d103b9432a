//! Sends letters: takes one after the other from the use cases, writes it in the language of whoever gets it, and hands it
//! to the mail server that the operator names, and to no other.

use std::time::Duration;

use app::ssr::letter;
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{
        Mailbox,
        header::{ContentType, HeaderName, HeaderValue},
    },
    transport::smtp::extension::ClientId,
};
use secrecy::ExposeSecret;
use service::{Failure, Outgoing, Services};
use tokio_util::sync::CancellationToken;

use crate::{configuration::Configuration, incident};

/// How long one step with the mail server may take: longer than greylisting and lists of bad senders make it wait, and all
/// steps together within the time that a letter belongs to this process.
const PATIENCE: Duration = Duration::from_secs(30);
/// After a fault of our own, such as a database that does not answer.
const PAUSE: Duration = Duration::from_secs(5);

/// The one who sends letters.
#[derive(Debug, Clone)]
pub struct Postman {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    origin: String,
    host: String,
}

/// Why a letter did not go.
#[derive(Debug, thiserror::Error)]
enum SendError {
    /// It cannot be written to this address.
    #[error("the letter cannot be written")]
    Message(#[from] lettre::error::Error),
    /// The address is none.
    #[error("the address cannot be written to")]
    Address(#[from] lettre::address::AddressError),
    /// The mail server does not take it.
    #[error("the mail server does not take the letter")]
    Transport(#[from] lettre::transport::smtp::Error),
}

impl SendError {
    /// Whether another attempt would end the same way.
    fn is_for_good(&self) -> bool {
        match self {
            Self::Message(_) | Self::Address(_) => true,
            Self::Transport(error) => error.is_permanent(),
        }
    }
}

impl Postman {
    /// Nobody where the configuration names no mail server.
    pub fn of(configuration: &Configuration) -> Option<Self> {
        let mail = configuration.mail.as_ref()?;
        let origin = configuration.public_url.origin().to_owned();
        let host = url::Url::parse(&origin).ok().and_then(|url| url.host_str().map(str::to_owned));
        let host = host.unwrap_or_else(|| "localhost".to_owned());
        // The configuration was refused if this did not parse.
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(mail.url.expose_secret()).ok()?;
        let transport = transport.hello_name(ClientId::Domain(host.clone())).timeout(Some(PATIENCE)).build();
        Some(Self { transport, from: mail.from.clone(), origin, host })
    }

    /// Whether the mail server lets us in.
    pub async fn check(&self) -> Result<(), String> {
        match self.transport.test_connection().await {
            Ok(true) => Ok(()),
            Ok(false) => Err("it hangs up".to_owned()),
            Err(error) => Err(incident::causes(&error)),
        }
    }

    /// Sends what is due, and what comes, until told to stop.
    pub async fn run(&self, services: &Services, shutdown: CancellationToken) {
        while !shutdown.is_cancelled() {
            match self.send_due(services, &shutdown).await {
                Ok(()) => services.letters().wait(&shutdown).await,
                Err(failure) => {
                    tracing::error!(error = %incident::causes(&failure), "letters cannot be looked for");
                    tokio::select! {
                        () = shutdown.cancelled() => {}
                        () = tokio::time::sleep(PAUSE) => {}
                    }
                }
            }
        }
    }

    /// Sends every letter that is due. One that is begun is finished.
    pub async fn send_due(&self, services: &Services, shutdown: &CancellationToken) -> Result<(), Failure> {
        while !shutdown.is_cancelled() {
            let Some(outgoing) = services.letters().next().await? else { return Ok(()) };
            match self.send(&outgoing).await {
                Ok(()) => services.letters().sent(&outgoing).await?,
                Err(error) => {
                    tracing::warn!(error = %incident::causes(&error), "a letter was not sent");
                    services.letters().failed(&outgoing, error.is_for_good()).await?;
                }
            }
        }
        Ok(())
    }

    async fn send(&self, outgoing: &Outgoing) -> Result<(), SendError> {
        let written = letter::reset(outgoing, &self.origin);
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(Some(outgoing.name.clone()), outgoing.to.parse()?))
            .subject(written.subject)
            .message_id(Some(format!("<{:032x}@{}>", rand::random::<u128>(), self.host)))
            // Nobody who is away answers to it (RFC 3834).
            .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned()))
            .header(ContentType::TEXT_PLAIN)
            .body(written.text)?;
        self.transport.send(message).await?;
        Ok(())
    }
}
