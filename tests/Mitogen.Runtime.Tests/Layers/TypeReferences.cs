using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Mitogen.Runtime.Tests.Layers;

/// <summary>The types of an assembly that one of its types refers to: by what it is made of, in its members' signatures and in their code.</summary>
internal sealed class TypeReferences(TypeDefinition type)
{
    private readonly HashSet<TypeDefinition> _found = [];

    public IReadOnlySet<TypeDefinition> Find()
    {
        Add(type.BaseType);
        AddAll(type.Interfaces.Select(static i => i.InterfaceType));
        AddAll(type.GenericParameters.SelectMany(static p => p.Constraints).Select(static c => c.ConstraintType));
        Add(type as ICustomAttributeProvider);
        foreach (FieldDefinition field in type.Fields)
        {
            Add(field.FieldType);
            Add(field as ICustomAttributeProvider);
        }

        foreach (MethodDefinition method in type.Methods)
        {
            Add(method as MemberReference);
            Add(method as ICustomAttributeProvider);
            if (method.HasBody)
            {
                Add(method.Body);
            }
        }

        return _found;
    }

    private void Add(MethodBody body)
    {
        AddAll(body.Variables.Select(static v => v.VariableType));
        AddAll(body.ExceptionHandlers.Select(static h => h.CatchType));
        foreach (object operand in body.Instructions.Select(static i => i.Operand))
        {
            if (operand is TypeReference used)
            {
                Add(used);
            }
            else
            {
                Add(operand as MemberReference);
            }
        }
    }

    private void Add(ICustomAttributeProvider? described) => AddAll(described?.CustomAttributes.Select(static a => a.AttributeType) ?? []);

    private void Add(MemberReference? member)
    {
        Add(member?.DeclaringType);
        if (member is MethodReference method)
        {
            Add(method.ReturnType);
            AddAll(method.Parameters.Select(static p => p.ParameterType));
            AddAll((method as GenericInstanceMethod)?.GenericArguments ?? []);
        }

        Add((member as FieldReference)?.FieldType);
    }

    private void AddAll(IEnumerable<TypeReference> references)
    {
        foreach (TypeReference reference in references)
        {
            Add(reference);
        }
    }

    private void Add(TypeReference? reference)
    {
        switch (reference)
        {
            case null or GenericParameter:
                break;
            case GenericInstanceType generic:
                AddAll(generic.GenericArguments);
                Add(generic.ElementType);
                break;
            case TypeSpecification specification:
                Add(specification.ElementType);
                break;
            default:
                // Those of other assemblies are no layer's.
                if (reference is TypeDefinition || reference.Scope == type.Module)
                {
                    _ = _found.Add(reference.Resolve());
                }

                break;
        }
    }
}
