"""Files: attachments that people give, and documents that the city issues.

附件 attachment (:class:`~.models.Stored`): typed by content, bounded, stripped of metadata, kept under its digest, opened
only through whoever refers to it. 可信等级 trust (国办函〔2016〕108号): A issued by an authority, B checked against the original
at the window, C uploaded by the asker, D declared. 证照与文书 issued documents (:class:`~.models.Issued`): numbered without
gaps, typeset, verifiable by anyone with number and code or by the PDF itself, final but for one revocation.

The way in::

    from yizhantong.kernel.files.actions import store          # an upload -> Stored
    from yizhantong.kernel.files.queries import open_for       # the bytes, for those who may
    from yizhantong.kernel.files.watermark import watermarked  # a copy 仅用于办理…
    from yizhantong.kernel.files import papers                 # what notices, decisions, certificates, receipts say
    papers.issue_paper(papers.receipt(matter, materials), issuer=office, account=account)
    from yizhantong.kernel.files.issuing import issue, revoke  # documents of other kinds

Norms: GB/T 9704-2012 (layout of official documents), GB/T 33190-2016 (OFD), GB/T 36901 to 36906-2018 (electronic
certificates; 待核), 行政许可法 art. 32, 38, 44.
"""
