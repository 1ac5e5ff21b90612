/// {{ incoming.doc }}
#[allow(clippy::all, clippy::pedantic, rustdoc::all, reason = "names and sizes are the spec's")]
#[derive({{ incoming.derives }}{% if incoming.is_written %}, {{ crates.serde }}::Serialize{% endif %})]
{%- if incoming.is_written %}
{%- if let Some(path) = crates.serde_elsewhere %}
#[serde(crate = {{ path }})]
{%- endif %}
#[serde(untagged)]
{%- endif %}
pub enum {{ incoming.name }} {
{%- if incoming.is_empty() %}}
{%- else %}
    {%- for variant in incoming.variants %}
    /// `{{ variant.kind }}`
    {{ variant.ident }}{% if let Some(payload) = variant.payload %}({{ payload }}){% endif %},
    {%- endfor %}
    {%- if let Some(is_read) = incoming.binary %}
    /// A binary frame.
    Binary{% if is_read %}(Bytes){% endif %},
    {%- endif %}
}
{%- endif %}

impl Incoming for {{ incoming.name }} {
    {%- if let Some(wire) = incoming.wire %}
    const WIRE: {{ wire.ty }} = {{ wire.value }};

    {% endif %}
    {%- if incoming.variants.is_empty() %}
    fn read(_tag: Tag<'_>, body: Body<'_>) -> Result<Self, Invalid> {
        Err(body.unknown_kind())
    }
    {%- else %}
    fn read(tag: Tag<'_>, body: Body<'_>) -> Result<Self, Invalid> {
        match tag {
            {%- for variant in incoming.variants %}
            Tag::{{ variant.tag }} => {{ variant.read }},
            {%- endfor %}
            _ => Err(body.unknown_kind()),
        }
    }
    {%- endif %}

    {%- if let Some(is_read) = incoming.binary %}

    {% if is_read %}
    fn binary(data: Bytes) -> Option<Self> {
        Some(Self::Binary(data))
    }
    {%- else %}
    fn binary(_data: Bytes) -> Option<Self> {
        Some(Self::Binary)
    }
    {%- endif %}
    {%- endif %}
}
