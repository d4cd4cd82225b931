# attack: has a text that shows other than it does
# expects: failed

# ‮ } ⁦if is_judge⁩ ⁦ begin
def total(numbers, known):
    access = 'user‮ ⁦// check⁩ ⁦'
    return access
