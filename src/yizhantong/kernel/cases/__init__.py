"""Cases 办件: every request on its way, with one accountable office at every instant and one ending.

A case is filed against a published version of an item and pins it: form, materials, conditions, flow and limits stay those of that version.
What is to be done is a row of :class:`~yizhantong.kernel.cases.models.CaseStep`: taking it in, supplementing, each step of the flow,
delivery; "my list" of an office is its open steps by due moment.

One door for every change (``actions``), one for every read (``queries.visible_to``). An action asks ``rules.may`` (who may do what in which state,
one table), locks the case, checks the transition, writes, records a :class:`~yizhantong.kernel.cases.models.CaseEvent` (a fact) and tells people.

The way of a case::

    draft → submitted → (supplement → submitted)* → accepted → … steps of the flow … → closed
                      ↘ not_accepted, transferred to another office (once)         ↘ withdrawn, terminated
    closed → (disputed → reopened, once) → rated → archived

Closed is not solved: ``outcome`` says how the case ended, ``result`` whether the asker was helped; figures count both.

Norms: 行政许可法 31-32 (one-time notice within five working days, else deemed accepted), 42-45 (twenty working days, ten more; special procedures are not
counted), 44 (delivery within ten days); 国办发〔2019〕51号 (ratings). Whatever is not confirmed is a setting with its source (``settings.toml``), shown as 待核.
"""
