//! A template ends, whatever it says.

#![no_main]

use packer::info::{
    template::{NFO_WORK, Renderer},
    variables::Variables,
};

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Ok(renderer) = Renderer::new(text, NFO_WORK) {
        let _ = renderer.render(&Variables::default());
    }
});
