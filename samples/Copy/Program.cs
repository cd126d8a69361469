using Copy;
using Mitogen;

// Copy site ssh://web1+sudo:/srv/www: copies a tree with a progress bar. Run it again after a break: it goes on.
return await MitogenApp.RunAsync(args, app => CopyCommand.RunAsync(app, args));
