/// What a request to `{{ endpoint.path }}` brings.
{%- if handler.allows %}
#[allow(clippy::all, clippy::pedantic, reason = "names and types are the spec's")]
{%- endif %}
{%- if handler.request.is_empty() %}
pub struct {{ endpoint.camel }}Request;
{%- else %}
pub struct {{ endpoint.camel }}Request {
    {%- for field in handler.request %}
    /// {{ field.doc }}
    pub {{ field.ident }}: {{ field.ty }},
    {%- endfor %}
}
{%- endif %}

/// The code behind `{{ endpoint.path }}`: a value for each client. Its methods run one at a time, and `Err(Closed)` ends the session.
pub trait {{ handler.trait_name }}: Sized + Send {
    {% for method in handler.methods %}
    {%- match method.kind %}
    {%- when MethodKind::Open %}
    /// Decides whether the client may connect: an error is the answer to its request. There is no socket yet.
    fn {{ method.name }}(state: &{{ module.state.ty }}, request: {{ endpoint.camel }}Request) -> impl Future<Output = Result<Self, Rejection>> + Send;
    {%- when MethodKind::Opened %}
    /// The socket is open: greet the client, and tell others.
    fn {{ method.name }}(&mut self, session: &mut {{ endpoint.session }}) -> impl Future<Output = Result<(), Closed>> + Send {
        let _ = session;
        ready(Ok(()))
    }
    {%- when MethodKind::Message %}
    /// The client has sent a message.
    fn {{ method.name }}(&mut self, message: Message, session: &mut {{ endpoint.session }}) -> impl Future<Output = Result<(), Closed>> + Send;
    {%- when MethodKind::Kind with (said) %}
    /// The client has sent `{{ said.kind }}`.
    fn {{ method.name }}(&mut self, {{ said.parameter }}: {{ said.ty }}, session: &mut {{ endpoint.session }}) -> impl Future<Output = Result<(), Closed>> + Send;
    {%- when MethodKind::Request with (said, reply) %}
    /// The client has sent `{{ said.kind }}`, and gets the reply.
    fn {{ method.name }}(&mut self, {{ said.parameter }}: {{ said.ty }}, session: &mut {{ endpoint.session }}) -> impl Future<Output = Result<{{ reply }}, Closed>> + Send;
    {%- when MethodKind::Stream with (said, answer) %}
    /// The client has sent `{{ said.kind }}`. The answer is given to a task, so that the session continues in the meantime.
    fn {{ method.name }}(&mut self, {{ said.parameter }}: {{ said.ty }}, answer: {{ answer }}, session: &mut {{ endpoint.session }}) -> impl Future<Output = Result<(), Closed>> + Send;
    {%- when MethodKind::Binary %}
    /// The client has sent a binary frame.
    fn {{ method.name }}(&mut self, data: Bytes, session: &mut {{ endpoint.session }}) -> impl Future<Output = Result<(), Closed>> + Send;
    {%- when MethodKind::Channel with (channel, ty) %}
    /// A message was published to `{{ channel }}`.
    fn {{ method.name }}(&mut self, message: {{ ty }}, session: &mut {{ endpoint.session }}) -> impl Future<Output = Result<(), Closed>> + Send;
    {%- when MethodKind::OwnChannel %}
    /// A message of a channel that your code has joined with [`Session::subscribe`]. By default, it goes to the client.
    fn {{ method.name }}(&mut self, channel: &'static str, message: Message, session: &mut {{ endpoint.session }}) -> impl Future<Output = Result<(), Closed>> + Send {
        let _ = channel;
        session.send(message)
    }
    {%- when MethodKind::Lag %}
    /// The client has fallen behind a channel and has missed messages: tell it, or close.
    fn {{ method.name }}(&mut self, lagged: Lagged, session: &mut {{ endpoint.session }}) -> impl Future<Output = Result<(), Closed>> + Send;
    {%- when MethodKind::Gap %}
    /// After an outage, messages of other replicas on this channel may be missing: send the present state, or close.
    fn {{ method.name }}(&mut self, channel: &'static str, session: &mut {{ endpoint.session }}) -> impl Future<Output = Result<(), Closed>> + Send;
    {%- when MethodKind::Tick %}
    /// [`Endpoint::TICK`] has passed. Ticks that come while another method runs are skipped.
    fn {{ method.name }}(&mut self, session: &mut {{ endpoint.session }}) -> impl Future<Output = Result<(), Closed>> + Send;
    {%- when MethodKind::Shutdown %}
    /// The server shuts down: say goodbye. Then the socket is closed, [`Endpoint::DRAIN`] from the beginning at the latest.
    fn {{ method.name }}(&mut self, session: &mut {{ endpoint.session }}) -> impl Future<Output = Result<(), Closed>> + Send;
    {%- when MethodKind::Close %}
    /// The session is over ([`{% if endpoint.typed.is_some() %}{{ crates.autumn_ws }}::messages::{% endif %}Session::closed`]). After a panic or a cut this is skipped: what must happen belongs in `Drop`.
    fn {{ method.name }}(&mut self, session: &mut {{ endpoint.session }}) -> impl Future<Output = ()> + Send {
        let _ = session;
        ready(())
    }
    {%- endmatch %}
    {% endfor %}
}
