{%- if !is_included %}
#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(missing_copy_implementations, missing_docs, unreachable_pub, reason = "public for the rest of the application, and documented in the spec")]
{%- endif %}
{{ inner_doc }} The messages of `{{ messages.source }}`, and their types.

{% for import in messages.imports %}
use {{ import.root }}::{{ import.names }};
{%- endfor %}

{% for path in messages.reexports %}
pub use {{ path }};
{%- endfor %}

{% for item in messages.items %}
{%- for line in item.doc %}
///{{ line }}
{%- endfor %}
{%- if item.allows %}
#[allow(clippy::all, clippy::pedantic, rustdoc::all, reason = "names, types and texts are the spec's")]
{%- endif %}
{%- match item.body %}
{%- when Body::Struct with (fields) %}
#[derive({{ item.derives }})]
{%- if let Some(path) = crates.serde_elsewhere %}
#[serde(crate = {{ path }})]
{%- endif %}
pub struct {{ item.name }} {
{%- if fields.is_empty() %}}
{%- else %}
    {%- for field in fields %}
    {%- for line in field.doc %}
    ///{{ line }}
    {%- endfor %}
    {%- for attribute in field.attributes %}
    #[serde({{ attribute }})]
    {%- endfor %}
    pub {{ field.ident }}: {{ field.ty }},
    {%- endfor %}
}
{%- endif %}
{%- when Body::Enum with (variants) %}
#[derive({{ item.derives }})]
{%- if let Some(path) = crates.serde_elsewhere %}
#[serde(crate = {{ path }})]
{%- endif %}
pub enum {{ item.name }} {
    {%- for variant in variants %}
    {%- if let Some(rename) = variant.rename %}
    #[serde(rename = {{ rename }})]
    {%- endif %}
    {{ variant.ident }},
    {%- endfor %}
}
{%- when Body::OneOf with { tag, members } %}
#[derive({{ item.derives }})]
{%- if let Some(path) = crates.serde_elsewhere %}
#[serde(crate = {{ path }})]
{%- endif %}
#[serde(tag = {{ tag }})]
pub enum {{ item.name }} {
    {%- for member in members %}
    {%- if !member.is_same %}
    #[serde(rename = {{ member.tag }})]
    {%- endif %}
    {{ member.ident }}({{ member.ty }}),
    {%- endfor %}
}

impl<'de> {{ crates.serde }}::Deserialize<'de> for {{ item.name }} {
    fn deserialize<D: {{ crates.serde }}::Deserializer<'de>>(deserializer: D) -> {{ item.traits.result }}<Self, D::Error> {
        {{ item.traits.one_of }}(deserializer, {{ tag }})?
            {%- for member in members %}
            .member({{ member.tag }}, Self::{{ member.ident }})
            {%- endfor %}
            .read()
    }
}
{%- when Body::Alias with (ty) %}
pub type {{ item.name }} = {{ ty }};
{%- endmatch %}

{% if let Some(kind) = item.kind %}
impl {{ item.traits.kind }} for {{ item.name }} {
    const TAG: {{ item.traits.tag }}<'static> = {{ item.traits.tag }}::{{ kind.tag }};
    {%- if let Some(wire) = kind.wire %}
    const WIRE: {{ wire.ty }} = {{ wire.value }};
    {%- endif %}
}
{%- endif %}

{% if !item.is_alias() %}
{%- if item.checks.is_empty() %}
impl {{ item.traits.check }} for {{ item.name }} {}
{%- else %}
impl {{ item.traits.check }} for {{ item.name }} {
    fn check(&self, at: &mut {{ item.traits.at }}<'_>) {
        {%- if item.is_one_of() %}
        match self {
            {%- for check in item.checks %}
            {{ check }}
            {%- endfor %}
        }
        {%- else %}
        {%- for check in item.checks %}
        {{ check }}
        {%- endfor %}
        {%- endif %}
    }
}
{%- endif %}
{%- endif %}

{% endfor %}
{% if !messages.items.is_empty() %}
// The application need not use all of them.
{%- if messages.used_allows %}
#[allow(clippy::type_complexity, reason = "a list of types")]
{%- endif %}
{%- if messages.used.len() == 1 %}
const _: {{ messages.option }}<({% for line in messages.used %}{{ line }}{% endfor %})> = None;
{%- else %}
const _: {{ messages.option }}<(
    {%- for line in messages.used %}
    {{ line }}
    {%- endfor %}
)> = None;
{%- endif %}
{%- endif %}
