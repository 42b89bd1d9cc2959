"""Files: attachments that people give, and documents that the city issues.

Terms: 附件 attachment (:class:`~yizhantong.kernel.files.models.Stored`), 可信等级 trust (国办函〔2016〕108号: A issued by an authority, B checked against
the original at the window, C uploaded by the asker, D declared), 证照与文书 issued documents (:class:`~yizhantong.kernel.files.models.Issued`).
"""
