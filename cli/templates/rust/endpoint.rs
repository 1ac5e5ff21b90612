{% for line in endpoint.doc %}
///{{ line }}
{%- endfor %}
{%- if endpoint.doc_allows %}
#[allow(clippy::all, clippy::pedantic, rustdoc::all, reason = "the text is the spec's")]
{%- endif %}
struct {{ endpoint.camel }}Endpoint;

impl Endpoint for {{ endpoint.camel }}Endpoint {
    {%- for constant in endpoint.constants %}
    const {{ constant.name }}: {{ constant.ty }} = {{ constant.value }};
    {%- endfor %}
}

{% for deserialized in endpoint.deserialized %}
#[derive({{ crates.serde }}::Deserialize)]
{%- if let Some(path) = crates.serde_elsewhere %}
#[serde(crate = {{ path }})]
{%- endif %}
{%- if deserialized.allows %}
#[allow(clippy::all, clippy::pedantic, reason = "names and types are the spec's")]
{%- endif %}
struct {{ deserialized.name }} {
    {%- for field in deserialized.fields %}
    {%- for attribute in field.attributes %}
    #[serde({{ attribute }})]
    {%- endfor %}
    {{ field.ident }}: {{ field.ty }},
    {%- endfor %}
}

{% for (field, default) in deserialized.defaults() %}
{%- if loop.first %}
impl {{ deserialized.name }} {
{%- else %}
{% endif %}
{%- if default.allows %}
    #[allow(clippy::all, clippy::pedantic, reason = "the number is the spec's")]
{%- endif %}
    fn {{ default.function }}() -> {{ field.ty }} {
        {{ default.value }}
    }
{%- if loop.last %}
}
{%- endif %}
{% endfor %}
{% endfor %}

{% if let Some(handler) = endpoint.handler %}{% include "rust/trait.rs" %}{% endif %}

{% if endpoint.allows %}
#[allow(clippy::all, clippy::pedantic, reason = "names and types are the spec's")]
{%- endif %}
async fn {{ endpoint.name }}({% for parameter in endpoint.parameters %}{% if !loop.first %}, {% endif %}{{ parameter.pattern }}: {{ parameter.ty }}{% endfor %}) -> {% if endpoint.may_refuse %}Result<Response>{% else %}Response{% endif %} {
    {%- for variable in endpoint.variables %}
    let {{ variable.ident }} = {{ variable.value }};
    {%- endfor %}
    {%- if let Some(variable) = endpoint.channels.variable %}
    let channels = {{ variable }};
    {%- endif %}
    {%- if let Some(topic) = endpoint.topic %}
    let topic = {{ topic }};
    {%- endif %}
    {%- for subscription in endpoint.subscriptions %}
    upgrade.{{ subscription.method }}({{ subscription.label }}, {{ endpoint.channels.code }}.
        {%- if let Some(capacity) = subscription.capacity -%}
        subscribe_with_capacity({{ subscription.name }}, {{ capacity.item }})
        {%- else -%}
        subscribe({{ subscription.name }})
        {%- endif -%}
        );
    {%- endfor %}
    {%- if let Some(name) = endpoint.publishes %}
    let publisher = {{ endpoint.channels.code }}.sender({{ name }});
    {%- endif %}
    {%- if let Some(handler) = endpoint.handler %}
    {%- if handler.joins %}
    // `open` may read state that other replicas change: from here on, they are heard.
    upgrade.joined().await;
    {%- endif %}
    {%- if handler.request.is_empty() %}
    let handler = {{ handler.ty }}::open(&state, {{ endpoint.camel }}Request).await?;
    {%- else %}
    let request = {{ endpoint.camel }}Request { {%- for field in handler.request %} {{ field.ident }}{% if let Some(from) = field.from %}: {{ from }}{% endif %}{% if !loop.last %},{% endif %}{% endfor %} };
    // Your code may leave some of them unread.
    {%- if handler.request.len() == 1 %}
    let _ = {% for field in handler.request %}&request.{{ field.ident }}{% endfor %};
    {%- else %}
    let _ = ({% for field in handler.request %}&request.{{ field.ident }}{% if !loop.last %}, {% endif %}{% endfor %});
    {%- endif %}
    let handler = {{ handler.ty }}::open(&state, request).await?;
    {%- endif %}
    Ok(upgrade.on_upgrade(move |session| {{ endpoint.name }}_session(session, handler{% if endpoint.publishes.is_some() %}, publisher{% endif %})).await)
    {%- else if endpoint.publishes.is_some() %}
    {% if endpoint.may_refuse %}Ok({% endif %}upgrade.on_upgrade(move |session| {{ endpoint.name }}_session(session, publisher)).await{% if endpoint.may_refuse %}){% endif %}
    {%- else %}
    {% if endpoint.may_refuse %}Ok({% endif %}upgrade.on_upgrade({{ endpoint.name }}_session).await{% if endpoint.may_refuse %}){% endif %}
    {%- endif %}
}

{% if let Some(handler) = endpoint.handler %}
async fn {{ endpoint.name }}_session(mut session: Session, mut handler: {{ handler.ty }}{% if endpoint.publishes.is_some() %}, publisher: Sender{% endif %}) -> Result<(), Closed> {
    let ended = {{ endpoint.name }}_events(&mut session, &mut handler{% if endpoint.publishes.is_some() %}, &publisher{% endif %}).await;
    handler.on_close(&mut session).await;
    ended
}

async fn {{ endpoint.name }}_events(session: &mut Session, handler: &mut {{ handler.ty }}{% if endpoint.publishes.is_some() %}, publisher: &Sender{% endif %}) -> Result<(), Closed> {
    handler.on_open(session).await?;
{%- else %}
async fn {{ endpoint.name }}_session(mut session: Session{% if endpoint.publishes.is_some() %}, publisher: Sender{% endif %}) -> Result<(), Closed> {
{%- endif %}
    while let Some(event) = session.next().await {
        {%- if endpoint.arms.is_empty() %}
        session.fallback(event).await?;
        {%- else %}
        match event {
            {%- for arm in endpoint.arms %}
            {%- if let Some(comment) = arm.comment %}
            // {{ comment }}
            {%- endif %}
            {%- match arm.action %}
            {%- when Action::Send %}
            {{ arm.pattern }} => session.send(message).await?,
            {%- when Action::Publish with (call) %}
            {{ arm.pattern }} => {
                let _ = publisher.{{ call }};
            }
            {%- when Action::Handle with { method, arguments } %}
            {{ arm.pattern }} => handler.{{ method }}({{ arguments }}).await?,
            {%- when Action::Goodbye %}
            {{ arm.pattern }} => {
                handler.on_shutdown(session).await?;
                session.goodbye().await?;
            }
            {%- endmatch %}
            {%- endfor %}
            event => session.fallback(event).await?,
        }
        {%- endif %}
    }
    Ok(())
}
