"""Training 乡村人才: courses for farmers, who graduated, and the videos of the platform.

Terms: 科技培训 training session (one 场), 高素质农民 skilled farmer (“新农人”), 结业 graduation (at least 80 % of the hours, 待核), 专题视频
video (one 期), 观看 play (counted in 人次; 人 would be distinct viewers), 传播 share (here: 转发 and 分享 of a video; the word is
not defined anywhere else).

The way of a course and a video::

    hold          a session took place, with its hours and how many came
    graduate      a trainee finished a class of the year: once for each trainee and year
    publish       a video went on line; ``withdraw_video`` takes it off
    play, share   somebody watched it, somebody passed it on

Trainees and viewers are known here by pseudonymous codes only.

Norms: none is public for the city's platform; the rule for graduation and the meaning of 传播 stay 待核.
"""
