% Writes what a pass computed, one line a variable, every number with all of its digits.
function chainrule_write (state)
  out = fopen (state.file, "w");
  for part = {state.before, state.found}
    for one = fieldnames (part{1})'
      fprintf (out, "%s = %s\n", one{1}, chainrule_text (part{1}.(one{1})));
    end
  end
  fclose (out);
end
