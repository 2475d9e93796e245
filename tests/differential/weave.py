"""Whether three texts, each in its order, make up a fourth one, and which word
of it is of which.

The library keeps what a mail says apart from what it quotes and from its
signature; the reader in Python has all of it in one piece.
"""

import itertools

BODY, QUOTED, SIGNATURE = range(3)
STATES_MAX = 256  # ways to read the same words that are followed at once


def steps(states, word, parts, at):
    """What each state becomes by taking the word from one of the parts: the
    fewest changes from part to part. A state is (of the body, of the quoted,
    the part that came last)."""
    after = {}
    for state, changes in states.items():
        body, quoted, last = state
        used = (body, quoted, at - body - quoted)
        for part, words in enumerate(parts):
            if used[part] < len(words) and words[used[part]] == word:
                new = (body + (part == BODY), quoted + (part == QUOTED), part)
                cost = changes + (part != last)
                if cost < after.get(new, (cost + 1,))[0]:
                    after[new] = (cost, state)
    if len(after) > STATES_MAX:
        after = dict(sorted(after.items(), key=lambda item: item[1][0])[:STATES_MAX])
    return after


def weave(words, parts):
    """The part of each word; None when the parts do not make up the words."""
    if sum(map(len, parts)) != len(words):
        return None
    states, trace = {(0, 0, BODY): 0}, []
    for at, word in enumerate(words):
        after = steps(states, word, parts, at)
        if not after:
            return None
        trace.append({state: came for state, (_, came) in after.items()})
        states = {state: cost for state, (cost, _) in after.items()}
    state = min(states, key=states.get)
    path = []
    for came in reversed(trace):
        path.append(state[2])
        state = came[state]
    return path[::-1]


def runs(path):
    """(part, first, end) of each stretch that is of one part."""
    at = 0
    for part, group in itertools.groupby(path):
        end = at + sum(1 for _ in group)
        yield part, at, end
        at = end
