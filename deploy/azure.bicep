// Where JigAjob keeps its records in Azure: one Cosmos DB account, one container for blobs, and
// the rights of the one identity that uses them. Nobody has a key: both are turned off.
// README.md beside this file says how to run it.

@description('Where it lies. Choose the region for the law that your customers are under.')
param location string = resourceGroup().location

@description('Begins the names of the accounts: 3 to 18 small letters and digits.')
@minLength(3)
@maxLength(18)
param name string

@description('Object ID of the identity (managed identity, workload or person) that runs JigAjob.')
param principalId string

@allowed(['ServicePrincipal', 'User', 'Group'])
param principalType string = 'ServicePrincipal'

@description('Pay for each request, in one region: right for a pilot. Else autoscale.')
param serverless bool = true

@description('Request units a second that autoscale may reach.')
@minValue(1000)
param autoscaleMax int = 1000

@description('Also make the container that tests/live writes to. Never where real records are.')
param forTests bool = false

var database = 'jigajob'
var containers = forTests ? ['records', 'records-test'] : ['records']
// Built-in roles: Cosmos DB Data Contributor, Storage Blob Data Contributor.
var dataContributor = '00000000-0000-0000-0000-000000000002'
var blobContributor = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'

resource account 'Microsoft.DocumentDB/databaseAccounts@2024-11-15' = {
  name: '${name}-records'
  location: location
  kind: 'GlobalDocumentDB'
  properties: {
    databaseAccountOfferType: 'Standard'
    locations: [{ locationName: location, failoverPriority: 0 }]
    capabilities: serverless ? [{ name: 'EnableServerless' }] : []
    consistencyPolicy: { defaultConsistencyLevel: 'Session' }
    disableLocalAuth: true
    disableKeyBasedMetadataWriteAccess: true
    minimalTlsVersion: 'Tls12'
    backupPolicy: { type: 'Continuous', continuousModeProperties: { tier: 'Continuous7Days' } }
  }
}

resource records 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases@2024-11-15' = {
  parent: account
  name: database
  properties: { resource: { id: database } }
}

resource container 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers@2024-11-15' = [
  for each in containers: {
    parent: records
    name: each
    properties: {
      resource: {
        id: each
        partitionKey: { paths: ['/b', '/s'], kind: 'MultiHash', version: 2 }
        // On, and never by itself: each record says when it ends.
        defaultTtl: -1
        indexingPolicy: loadJsonContent('cosmos-indexing.json')
      }
      options: serverless ? {} : { autoscaleSettings: { maxThroughput: autoscaleMax } }
    }
  }
]

resource mayUseRecords 'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments@2024-11-15' = {
  parent: account
  name: guid(account.id, principalId, dataContributor)
  properties: {
    principalId: principalId
    roleDefinitionId: '${account.id}/sqlRoleDefinitions/${dataContributor}'
    scope: account.id
  }
}

resource storage 'Microsoft.Storage/storageAccounts@2024-01-01' = {
  name: '${name}blobs'
  location: location
  kind: 'StorageV2'
  sku: { name: 'Standard_LRS' }
  properties: {
    allowSharedKeyAccess: false
    allowBlobPublicAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
  }
}

resource blobService 'Microsoft.Storage/storageAccounts/blobServices@2024-01-01' = {
  parent: storage
  name: 'default'
  // As long as the records can be restored, so can what they name.
  properties: { deleteRetentionPolicy: { enabled: true, days: 7 } }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices/containers@2024-01-01' = {
  parent: blobService
  name: 'blobs'
  properties: { publicAccess: 'None' }
}

resource mayUseBlobs 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: blobs
  name: guid(blobs.id, principalId, blobContributor)
  properties: {
    principalId: principalId
    principalType: principalType
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobContributor)
  }
}

output JIGAJOB_STORE string = 'https://${account.name}.documents.azure.com'
output JIGAJOB_BLOBS string = '${storage.properties.primaryEndpoints.blob}${blobs.name}'
