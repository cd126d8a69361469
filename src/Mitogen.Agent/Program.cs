using System.Reflection;

// The runtime library is found by name, never referenced: in the application's own folder it is the application's copy, and in an
// isolated context the staged one. Everything else, the hello included, is the library's.
MethodInfo run = Assembly.Load("Mitogen.Runtime")
    .GetType("Mitogen.Hosting.ManagedContext", throwOnError: true)!
    .GetMethod("Run", BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic, [typeof(string[])])
    ?? throw new MissingMethodException("Mitogen.Hosting.ManagedContext", "Run");

return run.CreateDelegate<Func<string[], int>>()(args);
