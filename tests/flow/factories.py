"""Make parts of a guide, and whole ones: real words, nothing random."""

from datetime import date

from guide.flow.content import (
    Channel,
    Choice,
    Confidence,
    FaqEntry,
    GlossaryEntry,
    Guide,
    Identifier,
    Kind,
    Letter,
    Operator,
    OperatorFact,
    Phase,
    Question,
    Role,
    Source,
    Sourcing,
    Step,
    Term,
    Text,
)

TODAY = date(2027, 1, 15)
CHECKED_ON = date(2027, 1, 4)


def make_text(*, words: str = "End your line") -> Text:
    others = {"zh-hans": "办理销号", "nl": "Stop", "fr": "Résiliez", "de": "Kündigen"}
    return Text({"en": words, **others})


def make_same(words: str) -> Text:
    """Make a text that is the same in every language."""
    return Text(dict.fromkeys(("en", "zh-hans", "nl", "fr", "de"), words))


def make_source(*, slug: str = "operator-site") -> Source:
    return Source(
        slug=slug,
        title="How to cancel",
        publisher="Meadow",
        url="https://meadow.example/cancel",
        confidence=Confidence.OFFICIAL,
        dated_on=CHECKED_ON,
    )


def make_sourcing(
    *,
    sources: tuple[str, ...] = ("operator-site",),
    checked_on: date | None = CHECKED_ON,
    review_days: int = 365,
) -> Sourcing:
    return Sourcing(sources=sources, checked_on=checked_on, review_days=review_days)


def make_choice(
    *,
    slug: str = "stop",
    label: Text | None = None,
    hint: Text = Text({}),
    exclusive: bool = False,
    when: tuple[Term, ...] = (),
) -> Choice:
    return Choice(
        slug=slug,
        label=make_text(words=slug) if label is None else label,
        hint=hint,
        exclusive=exclusive,
        when=when,
    )


def make_choices(*, slugs: tuple[str, ...]) -> tuple[Choice, ...]:
    return tuple(make_choice(slug=slug) for slug in slugs)


def make_question(
    *,
    slug: str = "goal",
    kind: Kind = Kind.ONE,
    title: Text | None = None,
    help_text: Text = Text({}),
    how: Text = Text({}),
    choices: tuple[Choice, ...] | None = None,
    replacements: tuple[tuple[str, str], ...] = (),
    when: tuple[Term, ...] = (),
) -> Question:
    return Question(
        slug=slug,
        kind=kind,
        title=make_text(words="What do you want?") if title is None else title,
        help=help_text,
        how=how,
        choices=make_choices(slugs=("stop", "lost")) if choices is None else choices,
        replacements=replacements,
        when=when,
    )


def make_step(
    *,
    slug: str = "send-cancellation",
    phase: Phase = Phase.CANCEL,
    title: Text | None = None,
    body: Text | None = None,
    sourcing: Sourcing | None = None,
    why: Text = Text({}),
    skip: Text = Text({}),
    plan_b: Text = Text({}),
    must: bool = True,
    role: Role = Role.NONE,
    due_days: int | None = None,
    lead_days: int = 0,
    needs_working_day: bool = False,
    requires: tuple[str, ...] = (),
    topics: tuple[str, ...] = (),
    shows_channels: str = "",
    letters: tuple[str, ...] = (),
    when: tuple[Term, ...] = (),
) -> Step:
    return Step(
        slug=slug,
        phase=phase,
        title=make_text(words="Tell your operator") if title is None else title,
        body=make_text(words="Write to {operator}.") if body is None else body,
        sourcing=make_sourcing() if sourcing is None else sourcing,
        why=why,
        skip=skip,
        plan_b=plan_b,
        must=must,
        role=role,
        due_days=due_days,
        lead_days=lead_days,
        needs_working_day=needs_working_day,
        requires=requires,
        topics=topics,
        shows_channels=shows_channels,
        letters=letters,
        when=when,
    )


def make_channel(
    *,
    slug: str = "meadow-account-page",
    purpose: str = "cancel",
    kind: str = "online",
    detail: Text | None = None,
    sourcing: Sourcing | None = None,
    works_abroad: bool | None = None,
    works_without_sim: bool | None = None,
    when: tuple[Term, ...] = (),
) -> Channel:
    return Channel(
        slug=slug,
        purpose=purpose,
        kind=kind,
        detail=make_text(words="Open your account") if detail is None else detail,
        sourcing=make_sourcing() if sourcing is None else sourcing,
        value="https://meadow.example/account",
        works_abroad=works_abroad,
        works_without_sim=works_without_sim,
        when=when,
    )


def make_fact(
    *,
    slug: str = "meadow-notice",
    topic: str = "notice",
    text: Text | None = None,
    sourcing: Sourcing | None = None,
    days: int | None = None,
    when: tuple[Term, ...] = (),
) -> OperatorFact:
    return OperatorFact(
        slug=slug,
        topic=topic,
        text=make_text(words="The line ends at once.") if text is None else text,
        sourcing=make_sourcing() if sourcing is None else sourcing,
        days=days,
        when=when,
    )


def make_operator(
    *,
    slug: str = "meadow",
    name: str = "Meadow",
    aliases: tuple[str, ...] = (),
    company: str = "",
    status_note: Text = Text({}),
    sourcing: Sourcing | None = None,
    channels: tuple[Channel, ...] = (),
    facts: tuple[OperatorFact, ...] = (),
) -> Operator:
    return Operator(
        slug=slug,
        name=name,
        kind="brand",
        status="active",
        sourcing=make_sourcing() if sourcing is None else sourcing,
        aliases=aliases,
        company=company,
        status_note=status_note,
        channels=channels,
        facts=facts,
    )


def make_faq_entry(
    *,
    slug: str = "is-it-free",
    question: Text | None = None,
    answer: Text | None = None,
    sourcing: Sourcing | None = None,
    when: tuple[Term, ...] = (),
) -> FaqEntry:
    return FaqEntry(
        slug=slug,
        question=make_text(words="Is it free?") if question is None else question,
        answer=make_text(words="Mostly.") if answer is None else answer,
        sourcing=make_sourcing() if sourcing is None else sourcing,
        when=when,
    )


def make_word(
    *,
    slug: str = "direct-debit",
    term: Text | None = None,
    meaning: Text | None = None,
    sourcing: Sourcing | None = None,
    dutch: str = "domiciliëring",
    french: str = "domiciliation",
    german: str = "",
    is_linked: bool = True,
) -> GlossaryEntry:
    return GlossaryEntry(
        slug=slug,
        term=make_text(words="direct debit") if term is None else term,
        meaning=make_text(words="Money goes by itself.")
        if meaning is None
        else meaning,
        sourcing=make_sourcing() if sourcing is None else sourcing,
        dutch=dutch,
        french=french,
        german=german,
        is_linked=is_linked,
    )


def make_letter(
    *,
    slug: str = "cancellation",
    title: Text | None = None,
    purpose: Text | None = None,
    subject: Text | None = None,
    body: Text | None = None,
    enclose: Text = Text({}),
    send: Text = Text({}),
    shows_channels: str = "",
    sourcing: Sourcing | None = None,
    when: tuple[Term, ...] = (),
) -> Letter:
    return Letter(
        slug=slug,
        title=make_text(words="Cancellation letter") if title is None else title,
        enclose=enclose,
        send=send,
        shows_channels=shows_channels,
        purpose=make_text(words="End a line") if purpose is None else purpose,
        subject=make_text(words="Cancellation") if subject is None else subject,
        body=make_text(words="I end my contract.") if body is None else body,
        sourcing=make_sourcing() if sourcing is None else sourcing,
        when=when,
    )


def make_identifier(
    *,
    slug: str = "mobile-number",
    name: Text | None = None,
    where: Text = Text({}),
    hint: Text = Text({}),
    lines: int = 1,
    sourcing: Sourcing | None = None,
) -> Identifier:
    return Identifier(
        slug=slug,
        name=make_text(words="mobile number") if name is None else name,
        where=where,
        hint=hint,
        lines=lines,
        sourcing=Sourcing() if sourcing is None else sourcing,
    )


def make_guide(
    *,
    questions: tuple[Question, ...] | None = None,
    steps: tuple[Step, ...] | None = None,
    operators: tuple[Operator, ...] = (),
    sources: tuple[Source, ...] | None = None,
    faq: tuple[FaqEntry, ...] = (),
    letters: tuple[Letter, ...] = (),
    identifiers: tuple[Identifier, ...] = (),
    glossary: tuple[GlossaryEntry, ...] = (),
) -> Guide:
    """Make the smallest guide that is sound: one question, one step."""
    return Guide(
        questions=(make_question(),) if questions is None else questions,
        steps=(make_step(role=Role.CANCEL),) if steps is None else steps,
        operators=operators,
        sources=(make_source(),) if sources is None else sources,
        faq=faq,
        letters=letters,
        identifiers=identifiers,
        glossary=glossary,
    )


def make_operator_guide(
    *,
    step: Step | None = None,
    operator: Operator | None = None,
) -> Guide:
    """Make a guide about one step and one operator, with goal and place asked."""
    return make_guide(
        questions=(
            make_question(choices=make_choices(slugs=("stop", "lost", "deceased"))),
            make_question(
                slug="operator",
                kind=Kind.OPERATOR,
                choices=make_choices(slugs=("meadow", "other")),
            ),
            make_question(
                slug="place", choices=make_choices(slugs=("belgium", "abroad"))
            ),
        ),
        steps=(make_step(role=Role.CANCEL) if step is None else step,),
        operators=(make_operator() if operator is None else operator,),
    )


def make_sound_guide() -> Guide:
    """Make a small guide with all that the real questionnaire does."""
    return Guide(
        questions=_sound_questions(),
        steps=_sound_steps(),
        operators=_sound_operators(),
        sources=(make_source(),),
        faq=(
            make_faq_entry(),
            make_faq_entry(
                slug="does-my-number-stay", when=(Term("goal", ("keep-number",)),)
            ),
        ),
        letters=(
            make_letter(
                body=make_same("I end {mobile-number} with {operator}."),
                when=(Term("goal", ("stop",)),),
            ),
        ),
        identifiers=(make_identifier(),),
        glossary=(make_word(), make_word(slug="pack", dutch="", french="")),
    )


def _sound_questions() -> tuple[Question, ...]:
    of_a_line = (Term("line", ("subscription", "prepaid")),)
    not_harbour = (Term("operator", ("harbour",), excluding=True),)
    return (
        make_question(choices=make_choices(slugs=("stop", "keep-number", "lost"))),
        make_question(
            slug="line",
            choices=make_choices(slugs=("subscription", "prepaid", "data-only")),
            replacements=(("sim-only", "subscription"),),
        ),
        make_question(
            slug="operator",
            kind=Kind.OPERATOR,
            choices=(
                make_choice(slug="meadow", when=of_a_line),
                make_choice(slug="harbour", when=(Term("line", ("prepaid",)),)),
                make_choice(slug="orbit", when=(Term("line", ("data-only",)),)),
                make_choice(slug="other", when=of_a_line),
            ),
        ),
        make_question(
            slug="card",
            kind=Kind.CARD,
            choices=(
                make_choice(slug="physical"),
                make_choice(slug="esim", when=not_harbour),
                make_choice(slug="unsure", when=not_harbour),
            ),
            when=(Term("line", ("data-only",), excluding=True),),
        ),
        make_question(
            slug="phone",
            choices=make_choices(slugs=("iphone", "samsung")),
            when=(Term("card", ("esim", "unsure")),),
        ),
        make_question(
            slug="situation",
            kind=Kind.MANY,
            choices=(
                make_choice(
                    slug="discounted-phone", when=(Term("line", ("subscription",)),)
                ),
                make_choice(slug="direct-debit", when=of_a_line),
                make_choice(slug="credit-left", when=(Term("line", ("prepaid",)),)),
                make_choice(slug="none", exclusive=True),
            ),
        ),
        make_question(
            slug="linked",
            kind=Kind.MANY,
            choices=(
                make_choice(slug="bank"),
                make_choice(slug="messenger"),
                make_choice(slug="none", exclusive=True),
            ),
            when=(Term("goal", ("keep-number",), excluding=True),),
        ),
        make_question(slug="place", choices=make_choices(slugs=("belgium", "abroad"))),
        make_question(
            slug="end",
            kind=Kind.DATE,
            choices=(
                make_choice(slug="skip"),
                make_choice(
                    slug="contract-end",
                    when=(Term("situation", ("discounted-phone",)),),
                ),
            ),
            when=(Term("goal", ("lost",), excluding=True),),
        ),
    )


def _sound_steps() -> tuple[Step, ...]:
    keeps = (Term("goal", ("keep-number",)),)
    return (
        make_step(slug="know-the-notice", phase=Phase.KNOW, topics=("notice",)),
        make_step(
            slug="spend-the-credit",
            phase=Phase.BEFORE,
            must=False,
            due_days=-14,
            when=(Term("situation", ("credit-left",)),),
        ),
        make_step(
            slug="unlink-accounts",
            phase=Phase.BEFORE,
            role=Role.UNLINK,
            due_days=-7,
            when=(Term("linked", ("bank", "messenger")),),
        ),
        # Stands before the step that it requires.
        make_step(
            slug="end-what-remains",
            role=Role.CANCEL,
            requires=("port-number",),
            when=keeps,
        ),
        make_step(
            slug="port-number",
            role=Role.PORT,
            due_days=0,
            topics=("porting", "surprise"),
            when=keeps,
        ),
        make_step(
            role=Role.CANCEL,
            due_days=0,
            topics=("notice", "surprise"),
            shows_channels="cancel",
            when=(Term("goal", ("stop",)),),
        ),
        make_step(
            slug="block-the-card",
            role=Role.CANCEL,
            shows_channels="lost",
            when=(Term("goal", ("lost",)),),
        ),
        # Stands before the step that it requires.
        make_step(
            slug="erase-the-profile",
            phase=Phase.AFTER,
            role=Role.ERASE,
            requires=("await-confirmation",),
            when=(Term("card", ("esim", "unsure")),),
        ),
        make_step(
            slug="stop-the-direct-debit",
            phase=Phase.AFTER,
            requires=("await-confirmation",),
            when=(Term("situation", ("direct-debit",)),),
        ),
        make_step(
            slug="await-confirmation",
            phase=Phase.AFTER,
            role=Role.CONFIRM,
            due_days=10,
        ),
        make_step(slug="complain", phase=Phase.WRONG, must=False),
    )


def _sound_operators() -> tuple[Operator, ...]:
    return (
        make_operator(
            channels=(
                make_channel(
                    slug="meadow-shop",
                    kind="shop",
                    works_abroad=False,
                    works_without_sim=True,
                ),
                make_channel(works_abroad=True, works_without_sim=False),
                make_channel(
                    slug="meadow-subscribers-phone",
                    kind="phone",
                    when=(Term("line", ("subscription",)),),
                ),
            ),
            facts=(
                make_fact(),
                make_fact(
                    slug="meadow-porting",
                    topic="porting",
                    when=(Term("goal", ("keep-number",)),),
                ),
            ),
        ),
        make_operator(
            slug="harbour",
            name="Harbour",
            channels=(make_channel(slug="harbour-help", purpose="contact"),),
        ),
        make_operator(slug="orbit", name="Orbit"),
    )
