//! The pages and their addresses.

use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::{
    SsrMode,
    components::{Route, Router, Routes},
    path,
};

use crate::pages;

/// Every page. Each is rendered whole before its first byte is sent (`SsrMode::Async`), because its status, its
/// redirection and its cookies depend on what was found.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Router>
            <Routes fallback=pages::missing::MissingPage>
                <Route path=path!("/") view=pages::dashboard::DashboardPage ssr=SsrMode::Async />
                <Route path=path!("/sign-in") view=pages::sign_in::SignInPage ssr=SsrMode::Async />
                <Route path=path!("/setup") view=pages::setup::SetupPage ssr=SsrMode::Async />
                <Route path=path!("/releases") view=pages::releases::ReleasesPage ssr=SsrMode::Async />
                <Route path=path!("/releases/:id") view=pages::release::ReleasePage ssr=SsrMode::Async />
                <Route path=path!("/jobs") view=pages::jobs::JobsPage ssr=SsrMode::Async />
                <Route path=path!("/jobs/:id") view=pages::jobs::JobPage ssr=SsrMode::Async />
                <Route path=path!("/findings") view=pages::findings::FindingsPage ssr=SsrMode::Async />
                <Route path=path!("/tour") view=pages::tour::TourPage ssr=SsrMode::Async />
                <Route path=path!("/findings/:code") view=pages::finding::FindingPage ssr=SsrMode::Async />
                <Route path=path!("/profiles") view=pages::profiles::ProfilesPage ssr=SsrMode::Async />
                <Route path=path!("/profiles/new") view=pages::profiles::NewProfilePage ssr=SsrMode::Async />
                <Route path=path!("/profiles/:name") view=pages::profiles::ProfilePage ssr=SsrMode::Async />
                <Route path=path!("/profiles/:name/edit") view=pages::profiles::EditProfilePage ssr=SsrMode::Async />
                <Route path=path!("/verify") view=pages::verify::VerifyPage ssr=SsrMode::Async />
                <Route path=path!("/verify/release") view=pages::verify_link::VerifyLinkPage ssr=SsrMode::Async />
                <Route path=path!("/settings") view=pages::settings::SettingsPage ssr=SsrMode::Async />
                <Route path=path!("/account") view=pages::account::AccountPage ssr=SsrMode::Async />
                <Route path=path!("/users") view=pages::users::UsersPage ssr=SsrMode::Async />
                <Route path=path!("/users/:id") view=pages::users::UserPage ssr=SsrMode::Async />
                <Route path=path!("/groups") view=pages::groups::GroupsPage ssr=SsrMode::Async />
                <Route path=path!("/roles") view=pages::roles::RolesPage ssr=SsrMode::Async />
                <Route path=path!("/audit") view=pages::audit::AuditPage ssr=SsrMode::Async />
                <Route path=path!("/inbox") view=pages::inbox::InboxPage ssr=SsrMode::Async />
                <Route path=path!("/sign-in/code") view=pages::sign_in_code::SignInCodePage ssr=SsrMode::Async />
                <Route path=path!("/reset") view=pages::reset::ResetPage ssr=SsrMode::Async />
                <Route path=path!("/confirm-email") view=pages::confirm_email::ConfirmEmailPage ssr=SsrMode::Async />
                <Route path=path!("/forgotten") view=pages::forgotten::ForgottenPage ssr=SsrMode::Async />
                <Route path=path!("/design") view=pages::gallery::GalleryPage ssr=SsrMode::Async />
                <Route path=path!("/new") view=pages::review::page::NewPage ssr=SsrMode::Async />
                <Route path=path!("/releases/:release/review") view=pages::review::page::ReviewPage ssr=SsrMode::Async />
            </Routes>
        </Router>
    }
}
