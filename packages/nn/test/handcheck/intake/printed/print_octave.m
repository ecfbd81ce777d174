% Prints the arrays of print.py as Octave does: made octave.txt.
W1 = [2.0409191213851825, -2.5556650313141818; 0.41809884672577885, -0.5677696061279298; -0.45264929211044586, -0.2155971630897659];
b1 = [-0.0020199867; -0.00023193; -0.0008652131];
wide = sin(reshape(1:28, 14, 2)');
printf("##### default\n"); W1, b1, loss = 0.25, e = [], t = [1 0 1]
printf("##### wide\n"); wide
printf("##### long\n"); format long; W1, b1
printf("##### long g\n"); format long g; W1, b1
printf("##### display W1\n"); format; disp(W1)
printf("##### literal\n"); printf("W1 = %s;\n", mat2str(W1)); printf("b1 = %s\n", mat2str(b1, 6));
