namespace Mitogen;

/// <summary>
/// Marks a static class whose <c>static void Configure(IServiceCollection)</c> runs once in every context before its first
/// service is created.
/// </summary>
/// <remarks>A program without such a class builds no service collection at all.</remarks>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class RemoteStartupAttribute : Attribute;
