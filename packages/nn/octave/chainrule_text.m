% A value as text: matrices as Octave writes them, cells as lists, structures as dictionaries.
function text = chainrule_text (value)
  if (iscell (value))
    text = ["[" strjoin(cellfun (@chainrule_text, value(:)', "UniformOutput", false), ", ") "]"];
  elseif (isstruct (value) && isscalar (value))
    pairs = cellfun (@(one) ["'" one "': " chainrule_text(value.(one))], fieldnames (value)', "UniformOutput", false);
    text = ["{" strjoin(pairs, ", ") "}"];
  elseif (ischar (value))
    text = ["'" strrep(value, "'", "") "'"];
  elseif ((isnumeric (value) || islogical (value)) && isreal (value) && ndims (value) == 2)
    text = mat2str (double (full (value)), 17);
  else
    text = "None";
  end
end
