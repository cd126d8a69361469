using Mitogen.CompilerServices;
using Mitogen.Multiplexing;

namespace Mitogen.Calls;

/// <content>The untyped half, which the kernel knows.</content>
internal sealed partial class PendingCall<T>
{
    private sealed class Core(PendingCall<T> owner) : PendingCall
    {
        public void Begin(RemoteCallTarget target, RemoteMethod method)
        {
            BeginUse();
            Parts.Set(target, method);
        }

        protected override int MaxResult => owner._reader is null || owner._parts is not null ? 0 : Hub.Options.MaxMessageSize;

        protected override bool IsHungry(in HubLock locked) => owner._parts?.IsEmpty(locked) ?? true;

        protected override bool Expects(in HubLock locked, in AnswerHeader header) => header.Kind switch
        {
            AnswerKind.Items => owner is { _parts: not null, _reader: not null },
            AnswerKind.Bytes => owner is { _parts: not null, _reader: null },
            AnswerKind.Report => owner._reports is { } reports && header.Number < reports.Count,
            _ => false,
        };

        protected override void OnPart(in HubLock locked, IncomingPart part)
        {
            if (part.Kind == AnswerKind.Report && owner._reports is { } reports)
            {
                reports.Add(locked, part);
            }
            else if (part.Kind != AnswerKind.Report && owner._parts is { } parts)
            {
                parts.Add(locked, part);
            }
            else
            {
                part.GiveBack(locked); // nobody asked for it
            }
        }

        public override void Run()
        {
            if (owner._reports is null || owner._reports.EndWith(owner.Complete))
            {
                owner.Complete();
            }
        }

        public void End() => EndUse();

        /// <summary>The exception that the call failed with, if it did.</summary>
        public Exception? FailureOf() => Error ?? (AnswerFailed ? ErrorCodec.Read(Answer, Parts.Endpoint.Sender) : null);

        /// <summary>Tells of a one-way call that failed. Those that ended with their context are told of together.</summary>
        public void ReportPosted()
        {
            if (FailureOf() is { } error && !(Error is ContextLostException or BootstrapException))
            {
                Hub.Host.OnOneWayFailed(Parts.Method, error);
            }
        }

        /// <summary>On the thread that cancels, which may be a timer's.</summary>
        public void Cancel(CancellationToken token) => GiveUp(Generation, new OperationCanceledException(token));

        /// <summary>On a timer's thread.</summary>
        public void PassTimeout(int generation)
        {
            TimeSpan? timeout = Parts.Timeout;
            GiveUp(generation, new TimeoutException($"{Parts.Describe()} took longer than its timeout of {timeout}."));
        }

        private void GiveUp(int generation, Exception error)
        {
            CallHub hub = Hub;
#pragma warning disable CA1031 // what fails here must not end the process, which it would on a timer's thread
            try
            {
                _ = Abandon(generation, ResetCode.Cancelled, error);
            }
            catch (Exception e)
            {
                hub.Host.OnFailure(e);
            }
#pragma warning restore CA1031
        }

        public T ReadAnswer(ResultReader<T>? reader)
        {
            if (Error is { } error)
            {
                throw error;
            }

            if (AnswerFailed)
            {
                throw ErrorCodec.Read(Answer, Parts.Endpoint.Sender);
            }

            if (reader is null)
            {
                return default!;
            }

            ReadOnlySpan<byte> data = ResultReferences is { } references ? Answer[..references.DataBytes] : Answer;
            ReferenceScope? outer = ResultReferences is null ? null : ReferenceScope.Enter(ResultReferences);
#pragma warning disable CA1031 // the library's formatters fail in many ways on bytes that are not theirs, and the user's types in their own
            try
            {
                return Messages.Read(data, reader);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"The result of {Parts.Describe()} cannot be read: {e.Message}", e);
            }
            finally
            {
                if (ResultReferences is not null)
                {
                    _ = ReferenceScope.Enter(outer);
                    using (HubLock locked = Hub.Enter())
                    {
                        ResultReferences.Close(locked);
                    }
                }
            }
#pragma warning restore CA1031
        }
    }
}
