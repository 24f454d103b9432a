//! Sends letters: takes one after the other from the use cases, writes it in the language of whoever gets it, and hands it
//! to the mail server that the operator names, and to no other.

mod conversation;

use std::time::Duration;

use app::ssr::letter;
use lettre::{
    Message,
    message::{
        Mailbox,
        header::{ContentType, HeaderName, HeaderValue},
    },
    transport::smtp::extension::ClientId,
};
use service::{Failure, Outgoing, Services};
use tokio_util::sync::CancellationToken;

pub use self::conversation::Route;
use self::conversation::{BrokenOff, Conversation};
use crate::{configuration::Configuration, incident};

/// After a fault of our own, such as a database that does not answer.
const PAUSE: Duration = Duration::from_secs(5);

/// The one who sends letters.
#[derive(Debug, Clone)]
pub struct Postman {
    route: Route,
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
    #[error(transparent)]
    Conversation(#[from] BrokenOff),
}

impl SendError {
    /// Whether another attempt would end the same way.
    fn is_for_good(&self) -> bool {
        match self {
            Self::Message(_) | Self::Address(_) => true,
            Self::Conversation(broken) => broken.is_for_good(),
        }
    }

    /// Once for the operator: which letter, at which step, and with what code. Never whom it is for.
    fn log(&self, letter: &Outgoing) {
        let id = letter.id();
        match self {
            Self::Message(_) | Self::Address(_) => tracing::warn!(letter = %id, class = %self, "a letter was not sent"),
            Self::Conversation(BrokenOff { stage, code, class }) => {
                tracing::warn!(letter = %id, stage = stage.word(), code, class, "a letter was not sent");
            }
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
        Some(Self { route: mail.route.clone(), from: mail.from.clone(), origin, host })
    }

    /// Whether the mail server lets us in.
    pub async fn check(&self) -> Result<(), String> {
        match Conversation::begin(&self.route, &self.name()).await {
            Ok(mut conversation) => {
                conversation.end().await;
                Ok(())
            }
            Err(broken) => Err(broken.to_string()),
        }
    }

    fn name(&self) -> ClientId {
        ClientId::Domain(self.host.clone())
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
                    error.log(&outgoing);
                    services.letters().failed(&outgoing, error.is_for_good()).await?;
                }
            }
        }
        Ok(())
    }

    async fn send(&self, outgoing: &Outgoing) -> Result<(), SendError> {
        let written = letter::write(outgoing, &self.origin);
        let to: lettre::Address = outgoing.to.parse()?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(Some(outgoing.name.clone()), to.clone()))
            .subject(written.subject)
            .message_id(Some(format!("<{:032x}@{}>", rand::random::<u128>(), self.host)))
            // Nobody who is away answers to it (RFC 3834).
            .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned()))
            .header(ContentType::TEXT_PLAIN)
            .body(written.text)?;
        let conversation = Conversation::begin(&self.route, &self.name()).await?;
        conversation.send(self.from.email.clone(), to, &message.formatted()).await?;
        Ok(())
    }
}
