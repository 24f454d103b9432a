//! The rules that books are checked by. One rule is one file; each says what is wrong, why it matters and how it is
//! put right, and has the texts of its code in `texts/`.
//!
//! To add a rule: write its file with a `RULE`, add it to [`RULES`], and write its texts in every language. A test
//! fails when one of the three is missing.

mod css_001_direction;
mod css_002_empty_address;
mod css_003_utf16;
mod css_004_encoding;
mod css_008_no_declaration;
mod css_015_alternative_without_title;
mod css_019_empty_font_face;
mod css_030_active_class_unstyled;
mod esp_101_compression_ratio;
mod esp_102_unpacked_size;
mod esp_103_overlapping_entries;
mod esp_104_lying_size;
mod esp_105_unsafe_path;
mod esp_106_reserved_name;
mod esp_107_link;
mod esp_108_nested_archive;
mod esp_109_contradicting_headers;
mod esp_110_document_limits;
mod esp_111_entity_expansion;
mod esp_112_external_entity;
mod esp_113_links_left_out;
mod esp_114_cover_unusable;
mod esp_201_drm;
mod esp_202_encrypted_unknown;
mod esp_203_protection_marker;
mod esp_205_obfuscated_fonts;
mod esp_311_access_mode;
mod esp_312_accessibility_feature;
mod esp_313_accessibility_hazard;
mod esp_314_accessibility_summary;
mod esp_315_access_mode_sufficient;
mod htm_001_xml_version;
mod htm_003_external_entity;
mod htm_004_document_type;
mod htm_007_empty_pronunciation;
mod htm_046_no_viewport;
mod htm_047_viewport_unreadable;
mod htm_048_drawing_without_size;
mod htm_051_microdata;
mod htm_054_reserved_namespace;
mod htm_056_viewport_incomplete;
mod htm_057_viewport_value;
mod htm_058_not_utf8;
mod htm_059_viewport_repeats;
mod htm_060a_second_viewport;
mod htm_060b_viewport_of_reflowable;
mod htm_061_data_attribute;
mod med_003_picture_image;
mod med_004_image_header;
mod med_007_picture_source;
mod med_008_clip_reversed;
mod med_009_clip_empty;
mod med_010_overlay_undeclared;
mod med_011_several_overlays;
mod med_012_other_overlay;
mod med_013_overlay_without_text;
mod med_016_duration_sum;
mod nav_001_navigation_in_epub_2;
mod nav_003_page_list_missing;
mod nav_010_remote_link;
mod nav_011_reading_order;
mod ncx_001_identifier;
mod ncx_004_identifier_spaces;
mod ncx_006_empty_label;
mod opf_001_version;
mod opf_002_package_missing;
mod opf_003_undeclared_file;
mod opf_004c_prefix_syntax;
mod opf_012_property_and_type;
mod opf_013_type_mismatch;
mod opf_014_undeclared_property;
mod opf_015_unneeded_property;
mod opf_016_rootfile_without_path;
mod opf_017_rootfile_with_empty_path;
mod opf_018_unneeded_remote_resources;
mod opf_018b_remote_resources_of_scripts;
mod opf_025_property_list;
mod opf_026_malformed_property;
mod opf_027_unknown_property;
mod opf_028_undeclared_prefix;
mod opf_028_undeclared_prefix_of_content;
mod opf_029_image_type;
mod opf_030_unique_identifier;
mod opf_031_guide_undeclared;
mod opf_032_guide_to_other;
mod opf_033_no_linear_item;
mod opf_034_spine_repeats;
mod opf_035_html;
mod opf_037_deprecated_type;
mod opf_040_fallback_missing;
mod opf_041_fallback_style_missing;
mod opf_042_image_in_spine;
mod opf_043_spine_without_fallback;
mod opf_044_spine_fallback;
mod opf_045_fallback_circle;
mod opf_048_no_unique_identifier;
mod opf_049_unknown_item;
mod opf_050_toc_is_no_ncx;
mod opf_052_role;
mod opf_053_date;
mod opf_054_date_of_epub_2;
mod opf_055_empty_metadata;
mod opf_060_duplicate_names;
mod opf_064_declared_profile;
mod opf_065_refines_circle;
mod opf_066_pages_without_source;
mod opf_071_index_links;
mod opf_072_empty_element;
mod opf_074_duplicate_items;
mod opf_077_data_navigation_in_spine;
mod opf_078_no_dictionary;
mod opf_079_dictionary_undeclared;
mod opf_080_key_map_extension;
mod opf_081_dictionary_resource_undeclared;
mod opf_082_several_key_maps;
mod opf_083_no_key_map;
mod opf_084_dictionary_resource_type;
mod opf_085_uuid;
mod opf_086_deprecated_property;
mod opf_089_alternate_with_others;
mod opf_090_preferred_type;
mod opf_091_item_with_fragment;
mod opf_092_language_tag;
mod opf_093_link_without_type;
mod opf_095_voicing;
mod opf_096_unreachable;
mod opf_096b_perhaps_unreachable;
mod opf_098_link_to_element;
mod opf_099_manifest_lists_itself;
mod pictures;
mod pkg_006_mimetype_missing;
mod pkg_007_mimetype_content;
mod pkg_008_unreadable_file;
mod pkg_009_forbidden_characters;
mod pkg_010_spaces;
mod pkg_011_final_dot;
mod pkg_012_non_ascii_names;
mod pkg_013_several_renditions;
mod pkg_014_empty_directory;
mod pkg_016_upper_case_extension;
mod pkg_017_extension_of_epub_2;
mod pkg_021_corrupt_image;
mod pkg_022_image_extension;
mod pkg_024_extension;
mod pkg_025_resource_in_meta_inf;
mod pkg_026_obfuscated_non_font;
mod pkg_027_names_not_utf8;
mod rsc_001_missing_file;
mod rsc_002_container_file_missing;
mod rsc_003_no_package_named;
mod rsc_004_encrypted_resource;
mod rsc_005_collections;
mod rsc_005_dictionary_key_map;
mod rsc_005_duplicate_ids;
mod rsc_005_empty_property;
mod rsc_005_links;
mod rsc_005_manifest;
mod rsc_005_markup;
mod rsc_005_overlay_metadata;
mod rsc_005_profile_metadata;
mod rsc_005_refinements;
mod rsc_005_rendition;
mod rsc_005_renditions;
mod rsc_005_required_metadata;
mod rsc_005_spine;
mod rsc_005_unique_identifier;
mod rsc_006_remote_resource;
mod rsc_006b_remote_resource_of_scripts;
mod rsc_007_missing_target;
mod rsc_008_undeclared_target;
mod rsc_009_image_fragment;
mod rsc_010_link_to_other;
mod rsc_011_link_out_of_spine;
mod rsc_012_missing_fragment;
mod rsc_013_style_fragment;
mod rsc_016_malformed;
mod rsc_017_markup;
mod rsc_017_renditions;
mod rsc_017_source;
mod rsc_017_tolerated;
mod rsc_019_metadata_of_renditions;
mod rsc_020_invalid_address;
mod rsc_021_key_map_target;
mod rsc_026_leaking_reference;
mod rsc_027_utf16;
mod rsc_028_encoding;
mod rsc_029_data_url;
mod rsc_030_file_url;
mod rsc_031_not_https;
mod rsc_032_foreign_resource;
mod rsc_033_query;
pub mod rules;
pub mod start;

use std::{
    collections::BTreeMap,
    panic::{AssertUnwindSafe, catch_unwind},
};

pub use rules::{CONTAINER_RULES, RULES};

use crate::{
    container::{Container, Entry, ReadError},
    epub::Publication,
    finding::{Finding, FindingCode, Place, Severity},
    inspect::Protection,
    limits::Limits,
    watch::Watch,
    xml::Position,
};

/// A rule that failed itself; the others still ran.
pub const COULD_NOT_RUN: FindingCode = FindingCode::new("ESP-198");
/// More findings of one code than are listed.
pub const MORE: FindingCode = FindingCode::new("ESP-199");

/// What a rule can judge of a document that is checked alone, without the publication around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alone {
    /// Nothing: it looks at the container, or at several documents.
    Nothing,
    /// A package document.
    Package,
    /// A content document, or one that is read like it.
    Content,
    /// Any document.
    Any,
}

/// One rule.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// The code of what it finds.
    pub code: &'static str,
    /// How heavy it is when no profile says otherwise.
    pub severity: Severity,
    /// What it can judge of a document alone.
    pub alone: Alone,
    /// Looks at a publication. It only ever adds findings.
    pub check: fn(&Publication<'_>, &mut Report),
}

/// One rule about a container: what makes an archive unsafe does so in every format.
#[derive(Debug, Clone, Copy)]
pub struct ContainerRule {
    /// The code of what it finds.
    pub code: &'static str,
    /// How heavy it is when no profile says otherwise.
    pub severity: Severity,
    /// Looks at a container. It only ever adds findings.
    pub check: fn(&OpenContainer<'_>, &mut Report),
}

/// A container as its rules see it.
#[derive(Clone, Copy)]
#[expect(missing_debug_implementations, reason = "the container behind it has none")]
pub struct OpenContainer<'a> {
    /// Its files.
    pub container: &'a dyn Container,
    /// The limits it was read within.
    pub limits: &'a Limits,
    /// Files that could not be read, and why.
    pub unread: &'a [(String, ReadError)],
}

impl<'a> OpenContainer<'a> {
    /// Every entry that is a file.
    pub fn files(&self) -> impl Iterator<Item = &'a Entry> {
        self.container.entries().iter().filter(|entry| !entry.is_directory)
    }
}

/// What a rule found.
#[derive(Debug)]
pub struct Report {
    code: &'static str,
    severity: Severity,
    most: usize,
    /// Findings beyond the limit, counted only.
    left_out: usize,
    findings: Vec<Finding>,
}

impl Report {
    /// Starts a report for one rule, which lists at most so many findings.
    pub fn new(code: &'static str, severity: Severity, most: usize) -> Self {
        Self { code, severity, most, left_out: 0, findings: Vec::new() }
    }

    /// Adds a finding at a place with the values that its text names.
    pub fn add(&mut self, place: Place, data: &[(&'static str, &str)]) {
        if self.findings.len() >= self.most {
            self.left_out += 1;
            return;
        }
        let mut finding = Finding::new(FindingCode::new(self.code), self.severity).at(place);
        for (name, value) in data {
            finding = finding.with(name, shortened(value));
        }
        self.findings.push(finding);
    }
}

/// Values are shown in a line; what is longer is cut so that a book cannot fill a page or the memory.
fn shortened(value: &str) -> String {
    const MOST: usize = 240;
    if value.chars().count() <= MOST { value.to_owned() } else { value.chars().take(MOST).chain(['…']).collect() }
}

/// A place inside a file.
pub fn place(path: &str, at: Position) -> Place {
    Place::at(path, at.line, at.column)
}

/// Reports what was found in the markup of documents and style sheets under one code.
fn markup(publication: &Publication<'_>, code: &str, report: &mut Report) {
    for content in &publication.contents {
        for fault in content.markup.iter().filter(|fault| fault.code == code) {
            let problem = [("problem", fault.problem)].into_iter().filter(|(_, problem)| !problem.is_empty());
            let data: Vec<_> = problem.chain(fault.data.iter().map(|(name, value)| (*name, value.as_str()))).collect();
            report.add(place(&content.path, fault.at), &data);
        }
    }
}

/// Images that every reader shows (EPUB 3.3, 3.2).
const CORE_IMAGES: [&str; 5] = ["image/gif", "image/jpeg", "image/png", "image/svg+xml", "image/webp"];

/// Prefixes that need no declaration (EPUB 3.3, appendix D.1).
pub(crate) const RESERVED_PREFIXES: [&str; 11] =
    ["a11y", "dcterms", "marc", "media", "onix", "rendition", "schema", "xsd", "msv", "prism", "epub"];

/// Runs every rule about a publication and its container, until the caller asks to stop.
pub fn run(publication: &Publication<'_>, watch: &dyn Watch) -> Vec<Finding> {
    let mut run = Run::new(publication.limits, watch);
    run.container(&publication.opened());
    run.publication(RULES.iter(), publication);
    run.finish()
}

/// Runs the rules that can judge a document alone.
pub fn run_alone(publication: &Publication<'_>, watch: &dyn Watch) -> Vec<Finding> {
    let document = if publication.package.is_some() { Alone::Package } else { Alone::Content };
    let mut run = Run::new(publication.limits, watch);
    run.publication(RULES.iter().filter(|rule| rule.alone == Alone::Any || rule.alone == document), publication);
    run.finish()
}

/// Rules at work. One that panics becomes a finding, and the rest still run.
#[expect(missing_debug_implementations, reason = "whoever watches has none")]
pub struct Run<'a> {
    most: usize,
    watch: &'a dyn Watch,
    findings: Vec<Finding>,
    left_out: BTreeMap<&'static str, usize>,
}

impl<'a> Run<'a> {
    /// Nothing is found yet.
    pub fn new(limits: &Limits, watch: &'a dyn Watch) -> Self {
        Self { most: limits.findings_per_code, watch, findings: Vec::new(), left_out: BTreeMap::new() }
    }

    /// Runs every rule about containers.
    pub fn container(&mut self, opened: &OpenContainer<'_>) {
        for rule in CONTAINER_RULES {
            self.rule(rule.code, rule.severity, |report| (rule.check)(opened, report));
        }
    }

    /// Tells a protection, for formats that have no rules of their own about it.
    pub fn protection(&mut self, protection: &Protection) {
        match protection {
            Protection::Drm(scheme) => {
                self.rule("ESP-201", Severity::Info, |report| {
                    report.add(Place::default(), &[("scheme", scheme.name())]);
                });
            }
            Protection::Unknown => self.rule("ESP-202", Severity::Info, |report| report.add(Place::default(), &[])),
            Protection::None | Protection::ObfuscatedFonts => {}
        }
    }

    fn publication<'r>(&mut self, rules: impl Iterator<Item = &'r Rule>, publication: &Publication<'_>) {
        for rule in rules {
            self.rule(rule.code, rule.severity, |report| (rule.check)(publication, report));
        }
    }

    /// Runs one rule, unless the caller asked to stop.
    pub fn rule(&mut self, code: &'static str, severity: Severity, check: impl FnOnce(&mut Report)) {
        if self.watch.is_cancelled() {
            return;
        }
        let mut report = Report::new(code, severity, self.most);
        let outcome = catch_unwind(AssertUnwindSafe(|| check(&mut report)));
        if outcome.is_err() {
            self.findings.push(Finding::new(COULD_NOT_RUN, Severity::Warning).with("rule", code));
        }
        *self.left_out.entry(code).or_default() += report.left_out;
        self.findings.append(&mut report.findings);
    }

    /// Everything that was found, in its stable order.
    pub fn finish(mut self) -> Vec<Finding> {
        for (code, count) in self.left_out.into_iter().filter(|(_, count)| *count > 0) {
            let more = Finding::new(MORE, Severity::Info).with("rule", code).with("count", count.to_string());
            self.findings.push(more);
        }
        order(&mut self.findings);
        self.findings
    }
}

/// Puts findings in their stable order: by file, line and column, then code. What is about no file comes first.
pub fn order(findings: &mut [Finding]) {
    findings.sort_by(|one, other| (&one.place, &one.code, &one.data).cmp(&(&other.place, &other.code, &other.data)));
}

#[cfg(test)]
pub(crate) mod proof;
