#!/usr/bin/python3
"""Holds what `measure.py --json` printed to what attacks may reach.

    limits.py FILE

One line a limit: its name, a tab, and what breaks it, nothing where it holds.
"""
import json
import sys

HIDDEN_MAX = 0.02    # change of P(relevant) by hidden text, of any mail
PADDING_MAX = 0.10   # gain of P(relevant) by visible padding
DISGUISE_MAX = 0.05  # mean change of either score
ENCODINGS = ('entities', 'entities-hex', 'tags-split', 'comments-split',
             'soft-hyphens')
# Stuffing that is seen through on average; the rest of it is not.
STUFFING = ('stuff-sentence', 'stuff-subject', 'stuff-interleaved')
READ = ('override', 'utf-7', 'utf-7-words')
CONTROL_MAX = 1e-6


def example(mail):
    return ('' if mail is None else
            '%s: outreach %.3f -> %.3f, relevance %.3f -> %.3f'
            % ((mail['path'],) + tuple(mail['outreach'])
               + tuple(mail['relevance'])))


def relevance_stays(found, limit):
    worst = max((found['pitches'], found['business']),
                key=lambda c: c['worst_relevance_change'])
    if worst['worst_relevance_change'] < limit:
        return ''
    return '%d of %d mails change by 0.02 or more; %s' % (
        found['off'], found['pitches']['n'] + found['business']['n'],
        example(worst['worst_relevance_change_mail']))


def outreach_not_lower(found):
    pitches = found['pitches']
    if not found['lower']:
        return ''
    return '%d of %d pitches have less; %s' % (
        found['lower'], pitches['n'],
        example(pitches['worst_outreach_fall_mail']))


def evidence(found):
    lower = outreach_not_lower(found)
    if lower or found['pitches']['outreach_logit'] > 0:
        return lower
    return 'log-odds of outreach change by %+.3f on average' % (
        found['pitches']['outreach_logit'])


def padding_mean(found):
    gain = found['unwanted']['relevance']
    if gain <= PADDING_MAX:
        return ''
    return '%+.3f on average over %d irrelevant pitches; %d of %d let in' % (
        gain, found['unwanted']['n'], found['let_in'], found['low'])


def padding_worst(found):
    unwanted = found['unwanted']
    if unwanted['worst_relevance_rise'] <= PADDING_MAX:
        return ''
    return '%d of %d irrelevant pitches gain more; %s' % (
        found['gained'], unwanted['n'],
        example(unwanted['worst_relevance_rise_mail']))


def mean_stays(found, classes):
    broken = []
    for name in classes:
        for score in ('outreach', 'relevance'):
            if found[name][score + '_abs'] >= DISGUISE_MAX:
                broken.append('%s: %s by %.3f on average; %s' % (
                    name, score, found[name][score + '_abs'],
                    example(found[name]['worst_relevance_change_mail'])))
    return '; '.join(broken)


def control_stays(found):
    for name in ('pitches', 'business'):
        if max(found[name]['outreach_abs'],
               found[name]['relevance_abs']) > CONTROL_MAX:
            return '%s change without an attack: %s' % (
                name, example(found[name]['worst_relevance_change_mail']))
    return ''


def limits(found):
    """(name, what breaks it) of each limit on this kind of attack."""
    kind, group = found['kind'], found['group']
    if kind == 'rebuilt':
        yield 'a mail put together again is judged alike', control_stays(found)
    if kind == 'as-html':
        yield ('text made HTML is judged alike',
               mean_stays(found, ('pitches', 'business')))
    if group in ('hidden', 'machine'):
        yield (kind + ': relevance changes by less than 0.02',
               relevance_stays(found, HIDDEN_MAX))
    if group == 'hidden':
        yield kind + ': hiding is evidence of outreach', evidence(found)
    if group == 'machine':
        yield kind + ': outreach is not lower', outreach_not_lower(found)
    if group == 'padding':
        yield kind + ': gains at most 0.10 on average', padding_mean(found)
        yield kind + ': gains at most 0.10 on any mail', padding_worst(found)
    if kind in STUFFING:
        yield kind + ': gains at most 0.10 on average', padding_mean(found)
    if kind in READ:
        yield (kind + ': scores change by less than 0.05 on average',
               mean_stays(found, ('pitches', 'business')))
    if group == 'disguise':
        classes = ('pitches', 'business') if kind in ENCODINGS else (
            'pitches',)
        yield (kind + ': scores change by less than 0.05 on average',
               mean_stays(found, classes))


def main():
    with open(sys.argv[1], encoding='utf-8') as file:
        for line in file:
            for name, broken in limits(json.loads(line)):
                print('%s\t%s' % (name, broken))


if __name__ == '__main__':
    sys.exit(main())
